/** The cell transform by itself, for workers that need it only when something fails. */
export { transformCell } from '../../language/transform.ts'
