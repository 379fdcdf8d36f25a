import { execa } from 'execa'

// What a user's machine gets: no more, no less.
const WANTED = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'kernel.json', 'dist/main.js', 'dist/api.js', 'dist/api.d.ts', 'dist/LICENCES.txt', 'kernel/logos/logo-svg.svg']
const ALLOWED = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|kernel\.json|dist\/.*\.(js|d\.ts)|dist\/LICENCES\.txt|kernel\/logos\/[^/]+|notebooks\/.*\.(ipynb|ts|png))$/

const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])
const [pack] = Object.values(JSON.parse(stdout)) as { files: { path: string }[] }[]
const files = pack?.files.map(({ path }) => path) ?? []
const wrong = [
  ...WANTED.filter((path) => !files.includes(path)).map((path) => `missing in the package: ${path}`),
  ...files.filter((path) => !ALLOWED.test(path)).map((path) => `does not belong into the package: ${path}`),
]
for (const line of wrong) console.error(line)
process.exitCode = wrong.length > 0 ? 1 : 0
