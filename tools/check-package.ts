import { readFileSync } from 'node:fs'
import { execa } from 'execa'

// What a user's machine gets: no more, no less.
const WANTED = [
  'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'kernel.json', 'kernel/logos/logo-svg.svg',
  'dist/main.js', 'dist/session/entry.js', 'dist/api.js', 'dist/api.d.ts', 'dist/LICENCES.txt', 'dist/language-index.json',
]
const ALLOWED = [...WANTED, /^dist\/.*\.(js|d\.ts)$/, /^kernel\/logos\/[^/]+$/, /^notebooks\/.*\.(ipynb|ts|json|csv|png|svg)$/]

// Without scripts: dist/ is there, and packing would build it again.
const withoutScripts = { env: { npm_config_ignore_scripts: 'true' }, preferLocal: true }

const { stdout } = await execa('npm', ['pack', '--dry-run', '--json'], withoutScripts)
// An array in some versions of npm, an object with the package's name in others.
const [pack] = Object.values(JSON.parse(stdout)) as { files: { path: string }[] }[]
const files = (pack?.files ?? []).map(({ path }) => path)
const wrong = [
  ...WANTED.filter((path) => !files.includes(path)).map((path) => `missing in the package: ${path}`),
  ...files.filter((path) => !isAllowed(path)).map((path) => `does not belong into the package: ${path}`),
  ...files.filter((path) => path.endsWith('.js') && /[^\0-\x7f]/.test(readFileSync(path, 'utf8'))).map((path) => `has more than ASCII: ${path}`),
]
for (const line of wrong) console.error(line)

const { exitCode } = await execa('publint', ['--strict'], { ...withoutScripts, stdio: 'inherit', reject: false })
process.exitCode = wrong.length > 0 ? 1 : exitCode

function isAllowed(path: string): boolean {
  return ALLOWED.some((pattern) => (typeof pattern === 'string' ? pattern === path : pattern.test(path)))
}
