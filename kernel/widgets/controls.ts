import type { Stop } from './listeners.ts'
import * as models from './models.generated.ts'

/** A button to press. */
export class Button extends models.Button {
  /**
   * Calls back each time that it is pressed; what the callback prints belongs to the cell that calls this.
   *
   * @example button.onClick(() => console.log('pressed'))
   */
  onClick(callback: (button: this) => unknown): Stop {
    return this.onMessage(({ event }) => (event === 'click' ? callback(this) : undefined))
  }
}

/** A button by which files of the user's come into the notebook. */
export class FileUpload extends models.FileUpload {
  constructor(values: ConstructorParameters<typeof models.FileUpload>[0] = {}) {
    super({ description: 'Upload', ...values })
  }
}

/** A line of text. */
export class Text extends models.Text {
  /** Calls back with the text when the user presses Enter. */
  onSubmit(callback: (text: string) => unknown): Stop {
    return this.onMessage(({ event }) => (event === 'submit' ? callback(this.value) : undefined))
  }
}

/** A line of text that is not shown. */
export class Password extends models.Password {
  /** Calls back with the text when the user presses Enter. */
  onSubmit(callback: (text: string) => unknown): Stop {
    return this.onMessage(({ event }) => (event === 'submit' ? callback(this.value) : undefined))
  }
}
