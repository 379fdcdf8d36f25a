/** Made by tools/widget-models.ts from @jupyter-widgets/schema 0.5.6: change that, not this. */
import { boolean, bytes, children, date, datetime, end, files, integer, integers, nullable, number, numbers, oneOf, outputs, reference, text, textOrNumber, texts, time } from './attributes.ts'
import { boxClass, choiceClass, choicesClass, widgetClass } from './widget-class.ts'

const dom = {
  /** CSS classes applied to widget DOM element */
  domClasses: texts([]),
  layout: reference(() => Layout),
  /** Is widget tabbable? */
  tabbable: nullable(boolean(false)),
  /** A tooltip caption. */
  tooltip: nullable(text('')),
}

const described = {
  ...dom,
  /** Description of the control. */
  description: text(''),
  /** Accept HTML in the description. */
  descriptionAllowHtml: boolean(false),
}

export class Layout extends widgetClass(['LayoutModel', 'LayoutView', '@jupyter-widgets/base', '2.0.0'], {
  /** The align-content CSS attribute. */
  alignContent: nullable(oneOf(['flex-start', 'flex-end', 'center', 'space-between', 'space-around', 'space-evenly', 'stretch', 'inherit', 'initial', 'unset'], 'flex-start')),
  /** The align-items CSS attribute. */
  alignItems: nullable(oneOf(['flex-start', 'flex-end', 'center', 'baseline', 'stretch', 'inherit', 'initial', 'unset'], 'flex-start')),
  /** The align-self CSS attribute. */
  alignSelf: nullable(oneOf(['auto', 'flex-start', 'flex-end', 'center', 'baseline', 'stretch', 'inherit', 'initial', 'unset'], 'auto')),
  /** The border bottom CSS attribute. */
  borderBottom: nullable(text('')),
  /** The border left CSS attribute. */
  borderLeft: nullable(text('')),
  /** The border right CSS attribute. */
  borderRight: nullable(text('')),
  /** The border top CSS attribute. */
  borderTop: nullable(text('')),
  /** The bottom CSS attribute. */
  bottom: nullable(text('')),
  /** The display CSS attribute. */
  display: nullable(text('')),
  /** The flex CSS attribute. */
  flex: nullable(text('')),
  /** The flex-flow CSS attribute. */
  flexFlow: nullable(text('')),
  /** The grid-area CSS attribute. */
  gridArea: nullable(text('')),
  /** The grid-auto-columns CSS attribute. */
  gridAutoColumns: nullable(text('')),
  /** The grid-auto-flow CSS attribute. */
  gridAutoFlow: nullable(oneOf(['column', 'row', 'row dense', 'column dense', 'inherit', 'initial', 'unset'], 'column')),
  /** The grid-auto-rows CSS attribute. */
  gridAutoRows: nullable(text('')),
  /** The grid-column CSS attribute. */
  gridColumn: nullable(text('')),
  /** The grid-gap CSS attribute. */
  gridGap: nullable(text('')),
  /** The grid-row CSS attribute. */
  gridRow: nullable(text('')),
  /** The grid-template-areas CSS attribute. */
  gridTemplateAreas: nullable(text('')),
  /** The grid-template-columns CSS attribute. */
  gridTemplateColumns: nullable(text('')),
  /** The grid-template-rows CSS attribute. */
  gridTemplateRows: nullable(text('')),
  /** The height CSS attribute. */
  height: nullable(text('')),
  /** The justify-content CSS attribute. */
  justifyContent: nullable(oneOf(['flex-start', 'flex-end', 'center', 'space-between', 'space-around', 'inherit', 'initial', 'unset'], 'flex-start')),
  /** The justify-items CSS attribute. */
  justifyItems: nullable(oneOf(['flex-start', 'flex-end', 'center', 'inherit', 'initial', 'unset'], 'flex-start')),
  /** The left CSS attribute. */
  left: nullable(text('')),
  /** The margin CSS attribute. */
  margin: nullable(text('')),
  /** The max-height CSS attribute. */
  maxHeight: nullable(text('')),
  /** The max-width CSS attribute. */
  maxWidth: nullable(text('')),
  /** The min-height CSS attribute. */
  minHeight: nullable(text('')),
  /** The min-width CSS attribute. */
  minWidth: nullable(text('')),
  /** The object-fit CSS attribute. */
  objectFit: nullable(oneOf(['contain', 'cover', 'fill', 'scale-down', 'none'], 'contain')),
  /** The object-position CSS attribute. */
  objectPosition: nullable(text('')),
  /** The order CSS attribute. */
  order: nullable(text('')),
  /** The overflow CSS attribute. */
  overflow: nullable(text('')),
  /** The padding CSS attribute. */
  padding: nullable(text('')),
  /** The right CSS attribute. */
  right: nullable(text('')),
  /** The top CSS attribute. */
  top: nullable(text('')),
  /** The visibility CSS attribute. */
  visibility: nullable(oneOf(['visible', 'hidden', 'inherit', 'initial', 'unset'], 'visible')),
  /** The width CSS attribute. */
  width: nullable(text('')),
}) {}

export class Accordion extends boxClass(['AccordionModel', 'AccordionView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
  /** The index of the selected page. This is either an integer selecting a particular sub-widget, or None to have no widgets selected. */
  selectedIndex: nullable(integer(0)),
  /** Titles of the pages */
  titles: texts([]),
}) {}

export class Audio extends widgetClass(['AudioModel', 'AudioView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** When true, the audio starts when it's displayed */
  autoplay: boolean(true),
  /** Specifies that audio controls should be displayed (such as a play/pause button etc) */
  controls: boolean(true),
  /** The format of the audio. */
  format: text('mp3'),
  /** When true, the audio will start from the beginning after finishing */
  loop: boolean(true),
  /** The media data as a memory view of bytes. */
  value: bytes,
}) {}

export class BoundedFloatText extends widgetClass(['BoundedFloatTextModel', 'FloatTextView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(false),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value */
  max: number(100),
  /** Min value */
  min: number(0),
  /** Minimum step to increment the value */
  step: nullable(number(0)),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Float value */
  value: number(0),
}) {}

export class BoundedIntText extends widgetClass(['BoundedIntTextModel', 'IntTextView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(false),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value */
  max: integer(100),
  /** Min value */
  min: integer(0),
  /** Minimum step to increment the value */
  step: integer(1),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Int value */
  value: integer(0),
}) {}

export class Box extends boxClass(['BoxModel', 'BoxView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
}) {}

export class Button extends widgetClass(['ButtonModel', 'ButtonView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the button. */
  buttonStyle: oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], ''),
  /** Button label. */
  description: text(''),
  /** Enable or disable user changes. */
  disabled: boolean(false),
  /** Font-awesome icon names, without the 'fa-' prefix. */
  icon: text(''),
  style: reference(() => ButtonStyle),
}) {}

export class ButtonStyle extends widgetClass(['ButtonStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Color of the button */
  buttonColor: nullable(text('')),
  /** Button text font family. */
  fontFamily: nullable(text('')),
  /** Button text font size. */
  fontSize: nullable(text('')),
  /** Button text font style. */
  fontStyle: nullable(text('')),
  /** Button text font variant. */
  fontVariant: nullable(text('')),
  /** Button text font weight. */
  fontWeight: nullable(text('')),
  /** Button text color. */
  textColor: nullable(text('')),
  /** Button text decoration. */
  textDecoration: nullable(text('')),
}) {}

export class Checkbox extends widgetClass(['CheckboxModel', 'CheckboxView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes. */
  disabled: boolean(false),
  /** Indent the control to align with other controls with a description. */
  indent: boolean(true),
  /** Styling customizations */
  style: reference(() => CheckboxStyle),
  /** Bool value */
  value: boolean(false),
}) {}

export class CheckboxStyle extends widgetClass(['CheckboxStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Background specifications. */
  background: nullable(text('')),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
}) {}

export class ColorPicker extends widgetClass(['ColorPickerModel', 'ColorPickerView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Display short version with just a color selector. */
  concise: boolean(false),
  /** Enable or disable user changes. */
  disabled: boolean(false),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** The color value. */
  value: text('black'),
}) {}

export class ColorsInput extends widgetClass(['ColorsInputModel', 'ColorsInputView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  allowDuplicates: boolean(true),
  allowedTags: texts([]),
  placeholder: text('​'),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** List of string tags */
  value: texts([]),
}) {}

export class Combobox extends widgetClass(['ComboboxModel', 'ComboboxView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** If set, ensure value is in options. Implies continuous_update=False. */
  ensureOption: boolean(false),
  /** Dropdown options for the combobox */
  options: texts([]),
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  style: reference(() => TextStyle),
  /** String value */
  value: text(''),
}) {}

export class ControllerAxis extends widgetClass(['ControllerAxisModel', 'ControllerAxisView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** The value of the axis. */
  value: number(0),
}) {}

export class ControllerButton extends widgetClass(['ControllerButtonModel', 'ControllerButtonView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Whether the button is pressed. */
  pressed: boolean(false),
  /** The value of the button. */
  value: number(0),
}) {}

export class Controller extends widgetClass(['ControllerModel', 'ControllerView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** The axes on the gamepad. */
  axes: children,
  /** The buttons on the gamepad. */
  buttons: children,
  /** Whether the gamepad is connected. */
  connected: boolean(false),
  /** The id number of the controller. */
  index: integer(0),
  /** The name of the control mapping. */
  mapping: text(''),
  /** The name of the controller. */
  name: text(''),
  /** The last time the data from this gamepad was updated. */
  timestamp: number(0),
}) {}

export class DatePicker extends widgetClass(['DatePickerModel', 'DatePickerView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes. */
  disabled: boolean(false),
  max: nullable(date),
  min: nullable(date),
  /** The date step to use for the picker, in days, or "any". */
  step: textOrNumber(1),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  value: nullable(date),
}) {}

export class Datetime extends widgetClass(['DatetimeModel', 'DatetimeView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes. */
  disabled: boolean(false),
  max: nullable(datetime),
  min: nullable(datetime),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  value: nullable(datetime),
}) {}

export class DescriptionStyle extends widgetClass(['DescriptionStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
}) {}

export class DirectionalLink extends widgetClass(['DirectionalLinkModel', null, '@jupyter-widgets/controls', '2.0.0'], {
  /** The source (widget, 'trait_name') pair */
  source: end,
  /** The target (widget, 'trait_name') pair */
  target: end,
}) {}

export class Dropdown<T = string> extends choiceClass(['DropdownModel', 'DropdownView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Selected index */
  index: nullable(integer(0)),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
})<T> {}

export class FileUpload extends widgetClass(['FileUploadModel', 'FileUploadView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** File types to accept, empty string for all */
  accept: text(''),
  /** Use a predefined styling for the button. */
  buttonStyle: oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], ''),
  /** Enable or disable button */
  disabled: boolean(false),
  /** Error message */
  error: text(''),
  /** Font-awesome icon name, without the 'fa-' prefix. */
  icon: text('upload'),
  /** If True, allow for multiple files upload */
  multiple: boolean(false),
  style: reference(() => ButtonStyle),
  /** The file upload value */
  value: files,
}) {}

export class FloatLogSlider extends widgetClass(['FloatLogSliderModel', 'FloatLogSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Base for the logarithm */
  base: number(10),
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is holding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value for the exponent */
  max: number(4),
  /** Min value for the exponent */
  min: number(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current value of the slider next to it. */
  readout: boolean(true),
  /** Format for the readout */
  readoutFormat: text('.3g'),
  /** Minimum step in the exponent to increment the value */
  step: nullable(number(0.1)),
  style: reference(() => SliderStyle),
  /** Float value */
  value: number(1),
}) {}

export class FloatProgress extends widgetClass(['FloatProgressModel', 'ProgressView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Use a predefined styling for the progress bar. */
  barStyle: nullable(oneOf(['success', 'info', 'warning', 'danger', ''], '')),
  /** Max value */
  max: number(100),
  /** Min value */
  min: number(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  style: reference(() => ProgressStyle),
  /** Float value */
  value: number(0),
}) {}

export class FloatRangeSlider extends widgetClass(['FloatRangeSliderModel', 'FloatRangeSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is sliding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value */
  max: number(100),
  /** Min value */
  min: number(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current value of the slider next to it. */
  readout: boolean(true),
  /** Format for the readout */
  readoutFormat: text('.2f'),
  /** Minimum step to increment the value */
  step: nullable(number(0.1)),
  style: reference(() => SliderStyle),
  /** Tuple of (lower, upper) bounds */
  value: numbers([0,1]),
}) {}

export class FloatSlider extends widgetClass(['FloatSliderModel', 'FloatSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is holding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value */
  max: number(100),
  /** Min value */
  min: number(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current value of the slider next to it. */
  readout: boolean(true),
  /** Format for the readout */
  readoutFormat: text('.2f'),
  /** Minimum step to increment the value */
  step: nullable(number(0.1)),
  style: reference(() => SliderStyle),
  /** Float value */
  value: number(0),
}) {}

export class FloatText extends widgetClass(['FloatTextModel', 'FloatTextView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(false),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Minimum step to increment the value */
  step: nullable(number(0)),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Float value */
  value: number(0),
}) {}

export class FloatsInput extends widgetClass(['FloatsInputModel', 'FloatsInputView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  allowDuplicates: boolean(true),
  allowedTags: numbers([]),
  format: text('.1f'),
  max: nullable(number(0)),
  min: nullable(number(0)),
  placeholder: text('​'),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Use a predefined styling for the tags. */
  tagStyle: oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], ''),
  /** List of float tags */
  value: numbers([]),
}) {}

export class GridBox extends boxClass(['GridBoxModel', 'GridBoxView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
}) {}

export class HBox extends boxClass(['HBoxModel', 'HBoxView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
}) {}

export class HTMLMath extends widgetClass(['HTMLMathModel', 'HTMLMathView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  style: reference(() => HTMLMathStyle),
  /** String value */
  value: text(''),
}) {}

export class HTMLMathStyle extends widgetClass(['HTMLMathStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Background specifications. */
  background: nullable(text('')),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Text font size. */
  fontSize: nullable(text('')),
  /** Text color */
  textColor: nullable(text('')),
}) {}

export class HTML extends widgetClass(['HTMLModel', 'HTMLView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  style: reference(() => HTMLStyle),
  /** String value */
  value: text(''),
}) {}

export class HTMLStyle extends widgetClass(['HTMLStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Background specifications. */
  background: nullable(text('')),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Text font size. */
  fontSize: nullable(text('')),
  /** Text color */
  textColor: nullable(text('')),
}) {}

export class Image extends widgetClass(['ImageModel', 'ImageView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** The format of the image. */
  format: text('png'),
  /** Height of the image in pixels. Use layout.height for styling the widget. */
  height: text(''),
  /** The media data as a memory view of bytes. */
  value: bytes,
  /** Width of the image in pixels. Use layout.width for styling the widget. */
  width: text(''),
}) {}

export class IntProgress extends widgetClass(['IntProgressModel', 'ProgressView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Use a predefined styling for the progress bar. */
  barStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** Max value */
  max: integer(100),
  /** Min value */
  min: integer(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  style: reference(() => ProgressStyle),
  /** Int value */
  value: integer(0),
}) {}

export class IntRangeSlider extends widgetClass(['IntRangeSliderModel', 'IntRangeSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is sliding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value */
  max: integer(100),
  /** Min value */
  min: integer(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current value of the slider next to it. */
  readout: boolean(true),
  /** Format for the readout */
  readoutFormat: text('d'),
  /** Minimum step that the value can take */
  step: integer(1),
  /** Slider style customizations. */
  style: reference(() => SliderStyle),
  /** Tuple of (lower, upper) bounds */
  value: integers([0,1]),
}) {}

export class IntSlider extends widgetClass(['IntSliderModel', 'IntSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is holding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Max value */
  max: integer(100),
  /** Min value */
  min: integer(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current value of the slider next to it. */
  readout: boolean(true),
  /** Format for the readout */
  readoutFormat: text('d'),
  /** Minimum step to increment the value */
  step: integer(1),
  style: reference(() => SliderStyle),
  /** Int value */
  value: integer(0),
}) {}

export class IntText extends widgetClass(['IntTextModel', 'IntTextView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(false),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Minimum step to increment the value */
  step: integer(1),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Int value */
  value: integer(0),
}) {}

export class IntsInput extends widgetClass(['IntsInputModel', 'IntsInputView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  allowDuplicates: boolean(true),
  allowedTags: integers([]),
  format: text('d'),
  max: nullable(integer(0)),
  min: nullable(integer(0)),
  placeholder: text('​'),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Use a predefined styling for the tags. */
  tagStyle: oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], ''),
  /** List of int tags */
  value: integers([]),
}) {}

export class Label extends widgetClass(['LabelModel', 'LabelView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  style: reference(() => LabelStyle),
  /** String value */
  value: text(''),
}) {}

export class LabelStyle extends widgetClass(['LabelStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Background specifications. */
  background: nullable(text('')),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Label text font family. */
  fontFamily: nullable(text('')),
  /** Text font size. */
  fontSize: nullable(text('')),
  /** Label text font style. */
  fontStyle: nullable(text('')),
  /** Label text font variant. */
  fontVariant: nullable(text('')),
  /** Label text font weight. */
  fontWeight: nullable(text('')),
  /** Text color */
  textColor: nullable(text('')),
  /** Label text decoration. */
  textDecoration: nullable(text('')),
}) {}

export class Link extends widgetClass(['LinkModel', null, '@jupyter-widgets/controls', '2.0.0'], {
  /** The source (widget, 'trait_name') pair */
  source: end,
  /** The target (widget, 'trait_name') pair */
  target: end,
}) {}

export class NaiveDatetime extends widgetClass(['NaiveDatetimeModel', 'DatetimeView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes. */
  disabled: boolean(false),
  max: nullable(datetime),
  min: nullable(datetime),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  value: nullable(datetime),
}) {}

export class Password extends widgetClass(['PasswordModel', 'PasswordView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  style: reference(() => TextStyle),
  /** String value */
  value: text(''),
}) {}

export class Play extends widgetClass(['PlayModel', 'PlayView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** The time between two animation steps (ms). */
  interval: integer(100),
  /** Max value */
  max: integer(100),
  /** Min value */
  min: integer(0),
  /** Whether the control is currently playing. */
  playing: boolean(false),
  /** Whether the control will repeat in a continuous loop. */
  repeat: boolean(false),
  /** Show the repeat toggle button in the widget. */
  showRepeat: boolean(true),
  /** Increment step */
  step: integer(1),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Int value */
  value: integer(0),
}) {}

export class ProgressStyle extends widgetClass(['ProgressStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Color of the progress bar. */
  barColor: nullable(text('')),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
}) {}

export class RadioButtons<T = string> extends choiceClass(['RadioButtonsModel', 'RadioButtonsView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Selected index */
  index: nullable(integer(0)),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'vertical'),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
})<T> {}

export class Select<T = string> extends choiceClass(['SelectModel', 'SelectView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Selected index */
  index: nullable(integer(0)),
  /** The number of rows to display. */
  rows: integer(5),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
})<T> {}

export class SelectMultiple<T = string> extends choicesClass(['SelectMultipleModel', 'SelectMultipleView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Selected indices */
  index: integers([]),
  /** The number of rows to display. */
  rows: integer(5),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
})<T> {}

export class SelectionRangeSlider<T = string> extends choicesClass(['SelectionRangeSliderModel', 'SelectionRangeSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is holding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Min and max selected indices */
  index: integers([0,0]),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current selected label next to the slider */
  readout: boolean(true),
  style: reference(() => SliderStyle),
})<T> {}

export class SelectionSlider<T = string> extends choiceClass(['SelectionSliderModel', 'SelectionSliderView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Slider dragging behavior. */
  behavior: oneOf(['drag-tap', 'drag-snap', 'tap', 'drag', 'snap'], 'drag-tap'),
  /** Update the value of the widget as the user is holding the slider. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Selected index */
  index: integer(0),
  /** Vertical or horizontal. */
  orientation: oneOf(['horizontal', 'vertical'], 'horizontal'),
  /** Display the current selected label next to the slider */
  readout: boolean(true),
  style: reference(() => SliderStyle),
})<T> {}

export class SliderStyle extends widgetClass(['SliderStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Color of the slider handle. */
  handleColor: nullable(text('')),
}) {}

export class Stack extends boxClass(['StackModel', 'StackView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
  /** The index of the selected page. This is either an integer selecting a particular sub-widget, or None to have no widgets selected. */
  selectedIndex: nullable(integer(0)),
  /** Titles of the pages */
  titles: texts([]),
}) {}

export class Tab extends boxClass(['TabModel', 'TabView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
  /** The index of the selected page. This is either an integer selecting a particular sub-widget, or None to have no widgets selected. */
  selectedIndex: nullable(integer(0)),
  /** Titles of the pages */
  titles: texts([]),
}) {}

export class TagsInput extends widgetClass(['TagsInputModel', 'TagsInputView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  allowDuplicates: boolean(true),
  allowedTags: texts([]),
  placeholder: text('​'),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Use a predefined styling for the tags. */
  tagStyle: oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], ''),
  /** List of string tags */
  value: texts([]),
}) {}

export class Text extends widgetClass(['TextModel', 'TextView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  style: reference(() => TextStyle),
  /** String value */
  value: text(''),
}) {}

export class TextStyle extends widgetClass(['TextStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Background specifications. */
  background: nullable(text('')),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Text font size. */
  fontSize: nullable(text('')),
  /** Text color */
  textColor: nullable(text('')),
}) {}

export class Textarea extends widgetClass(['TextareaModel', 'TextareaView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Update the value as the user types. If False, update on submission, e.g., pressing Enter or navigating away. */
  continuousUpdate: boolean(true),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Placeholder text to display when nothing has been typed */
  placeholder: text('​'),
  /** The number of rows to display. */
  rows: nullable(integer(0)),
  style: reference(() => TextStyle),
  /** String value */
  value: text(''),
}) {}

export class Time extends widgetClass(['TimeModel', 'TimeView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes. */
  disabled: boolean(false),
  max: nullable(time),
  min: nullable(time),
  /** The time step to use for the picker, in seconds, or "any". */
  step: textOrNumber(60),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  value: nullable(time),
}) {}

export class ToggleButton extends widgetClass(['ToggleButtonModel', 'ToggleButtonView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Use a predefined styling for the button. */
  buttonStyle: oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], ''),
  /** Enable or disable user changes. */
  disabled: boolean(false),
  /** Font-awesome icon. */
  icon: text(''),
  /** Styling customizations */
  style: reference(() => ToggleButtonStyle),
  /** Bool value */
  value: boolean(false),
}) {}

export class ToggleButtonStyle extends widgetClass(['ToggleButtonStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Toggle button text font family. */
  fontFamily: nullable(text('')),
  /** Toggle button text font size. */
  fontSize: nullable(text('')),
  /** Toggle button text font style. */
  fontStyle: nullable(text('')),
  /** Toggle button text font variant. */
  fontVariant: nullable(text('')),
  /** Toggle button text font weight. */
  fontWeight: nullable(text('')),
  /** Toggle button text color */
  textColor: nullable(text('')),
  /** Toggle button text decoration. */
  textDecoration: nullable(text('')),
}) {}

export class ToggleButtons<T = string> extends choiceClass(['ToggleButtonsModel', 'ToggleButtonsView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** The labels for the options. */
  optionsLabels: texts([]),
  /** Use a predefined styling for the buttons. */
  buttonStyle: nullable(oneOf(['primary', 'success', 'info', 'warning', 'danger', ''], '')),
  /** Enable or disable user changes */
  disabled: boolean(false),
  /** Icons names for each button (FontAwesome names without the fa- prefix). */
  icons: texts([]),
  /** Selected index */
  index: nullable(integer(0)),
  style: reference(() => ToggleButtonsStyle),
  /** Tooltips for each button. */
  tooltips: texts([]),
})<T> {}

export class ToggleButtonsStyle extends widgetClass(['ToggleButtonsStyleModel', 'StyleView', '@jupyter-widgets/controls', '2.0.0', '@jupyter-widgets/base'], {
  /** The width of each button. */
  buttonWidth: text(''),
  /** Width of the description to the side of the control. */
  descriptionWidth: text(''),
  /** Text font weight of each button. */
  fontWeight: text(''),
}) {}

export class VBox extends boxClass(['VBoxModel', 'VBoxView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** Use a predefined styling for the box. */
  boxStyle: oneOf(['success', 'info', 'warning', 'danger', ''], ''),
  /** List of widget children */
  children: children,
}) {}

export class Valid extends widgetClass(['ValidModel', 'ValidView', '@jupyter-widgets/controls', '2.0.0'], {
  ...described,
  /** Enable or disable user changes. */
  disabled: boolean(false),
  /** Message displayed when the value is False */
  readout: text('Invalid'),
  /** Styling customizations */
  style: reference(() => DescriptionStyle),
  /** Bool value */
  value: boolean(false),
}) {}

export class Video extends widgetClass(['VideoModel', 'VideoView', '@jupyter-widgets/controls', '2.0.0'], {
  ...dom,
  /** When true, the video starts when it's displayed */
  autoplay: boolean(true),
  /** Specifies that video controls should be displayed (such as a play/pause button etc) */
  controls: boolean(true),
  /** The format of the video. */
  format: text('mp4'),
  /** Height of the video in pixels. */
  height: text(''),
  /** When true, the video will start from the beginning after finishing */
  loop: boolean(true),
  /** The media data as a memory view of bytes. */
  value: bytes,
  /** Width of the video in pixels. */
  width: text(''),
}) {}

export class Output extends widgetClass(['OutputModel', 'OutputView', '@jupyter-widgets/output', '1.0.0'], {
  ...dom,
  /** Parent message id of messages to capture */
  msgId: text(''),
  /** The output messages synced from the frontend. */
  outputs: outputs,
}) {}
