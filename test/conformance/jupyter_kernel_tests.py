"""What Jupyter's own suite asks of a kernel, in terms of this one."""
import unittest

import jupyter_kernel_test


class ParacellTests(jupyter_kernel_test.KernelTests):
    kernel_name = "paracell"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "consol", "matches": {"console"}},
        {"text": "Math.sqr", "matches": {"sqrt"}},
        {"text": "'text'.toUpperC", "matches": {"toUpperCase"}},
    ]
    complete_code_samples = ["1", "console.log('hi')", "function f(n: number): number {\n  return n\n}", "const t: Array<string> = []", "await null", "%%process -n 2\nrank"]
    incomplete_code_samples = ["console.log(", "function f() {", "const s = `a", "if (true) {\n  1", "[1, 2,", "/* open"]
    invalid_code_samples = ["let = = 1", ")", "const 1x = 2", "class { }}"]
    code_generate_error = "throw new Error('as asked')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "const typed: number[] = [1, 2]; typed", "result": "[ 1, 2 ]"},
    ]
    code_history_pattern = "'a' ? 'b'"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_display_data = [
        {"code": "import { display, html } from 'paracell'\ndisplay([1, 2])", "mime": "text/plain"},
        {"code": "display(html`<b>shown</b>`)", "mime": "text/html"},
        {"code": "await display({ [Symbol.for('Jupyter.display')]: () => ({ 'image/svg+xml': '<svg/>' }) })", "mime": "image/svg+xml"},
    ]
    code_clear_output = "import { clearOutput } from 'paracell'\nclearOutput()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
