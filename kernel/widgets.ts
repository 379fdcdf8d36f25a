/** What a cell may import from `paracell/widgets`: loaded only then. */
export * from './widgets/models.generated.ts'
export { type UploadedFile } from './widgets/attributes.ts'
export { Button, FileUpload, Password, Text } from './widgets/controls.ts'
export { type CustomDefinition, type CustomWidget, customWidget } from './widgets/custom.ts'
export { interact, Interactive, interactive, interactManual } from './widgets/interact.ts'
export { directionalLink, frontEndDirectionalLink, frontEndLink, link } from './widgets/links.ts'
export { Output } from './widgets/output.ts'
export { type Change, type Stop, Widget } from './widgets/widget.ts'
