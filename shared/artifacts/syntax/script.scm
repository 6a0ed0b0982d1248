; What the checks of a script look at, found in one pass over its tree.
; A pattern looks at a node and its children only: whatever is nested, the pass stays linear.

(comment) @comment
(interface_body (comment) @comment.type)
(object_type (comment) @comment.type)
(string) @string

; Names; which of them matter, and where, is for `names.py` to say.
([(identifier) (type_identifier) (shorthand_property_identifier) (shorthand_property_identifier_pattern)] @name
  (#any-of? @name "eval" "arguments" "break" "case" "catch" "class" "const" "continue" "debugger" "default" "delete"
    "do" "else" "enum" "export" "extends" "finally" "for" "function" "if" "in" "instanceof" "new" "return" "switch"
    "throw" "try" "typeof" "var" "void" "while" "with" "null" "true" "false"))

; Tags of JSX.
(jsx_opening_element) @tag.open
(jsx_closing_element) @tag.close
(jsx_opening_element (jsx_expression) @attribute.spread)
(jsx_self_closing_element (jsx_expression) @attribute.spread)

; Modules.
(import_statement) @import
(export_statement) @export
(call_expression function: (import) arguments: (arguments . [(string) (template_string)] @import.called))
(call_expression function: (identifier) @_require (#eq? @_require "require")
  arguments: (arguments . [(string) (template_string)] @import.called))

; Functions, to know which of them an `await` stands in.
[(function_declaration) (function_expression) (generator_function) (generator_function_declaration) (arrow_function)
 (method_definition)] @function
(await_expression) @await
(for_in_statement "await") @await

; What the grammar reads and no parser takes. What is said about each is in `refused.py`.
(lexical_declaration kind: "const" (variable_declarator !value) @refused.const)
(lexical_declaration (variable_declarator name: [(array_pattern) (object_pattern)] !value) @refused.pattern)
(variable_declaration (variable_declarator name: [(array_pattern) (object_pattern)] !value) @refused.pattern)
(object "," . "," @refused.comma)
(object . "{" . "," @refused.comma)
(arguments "," . "," @refused.comma)
(arguments . "(" . "," @refused.comma)
(class_body "," @refused.class_comma)
(expression_statement . [(function_expression !name) (generator_function !name)] @refused.nameless_function)
(export_statement "default" [(lexical_declaration) (variable_declaration)] @refused.default_variable)
(binary_expression left: [(unary_expression) (await_expression)] . "**" @refused.power)
(try_statement !handler !finalizer) @refused.try
(for_in_statement operator: "of" right: (sequence_expression) @refused.of_sequence)
(call_expression function: (arrow_function) @refused.arrow_called)
(member_expression object: (arrow_function) @refused.arrow_called)
(subscript_expression object: (arrow_function) @refused.arrow_called)
(binary_expression left: (arrow_function) @refused.arrow_called)
(parenthesized_expression (type_annotation) @refused.typed)
(update_expression argument: (update_expression) @refused.update)
(assignment_expression left: (member_expression (optional_chain)) @refused.optional_target)
(assignment_expression left: (subscript_expression (optional_chain)) @refused.optional_target)
(augmented_assignment_expression left: (member_expression (optional_chain)) @refused.optional_target)
(new_expression constructor: (member_expression (optional_chain)) @refused.optional_new)
(required_parameter pattern: [(member_expression) (subscript_expression)] @refused.parameter)
(arrow_function type_parameters: (type_parameters . (type_parameter !constraint) .) @refused.generic)
(extends_clause value: [(binary_expression) (unary_expression) (ternary_expression)] @refused.extends)
(call_expression function: (template_string) arguments: (template_string)) @refused.fence
(call_expression function: (call_expression function: (template_string)) arguments: (template_string)) @refused.fence
(program (return_statement) @refused.return)
