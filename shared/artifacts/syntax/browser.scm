; What TypeScript and JSX add to JavaScript: no browser reads it.

[(jsx_element) (jsx_self_closing_element)] @jsx

[(type_annotation) (interface_declaration) (type_alias_declaration) (enum_declaration) (abstract_class_declaration)
 (ambient_declaration) (internal_module) (module) (import_alias) (import_require_clause) (function_signature)
 (abstract_method_signature) (as_expression) (satisfies_expression) (type_parameters) (accessibility_modifier)
 (implements_clause) (override_modifier) (optional_parameter) (asserts_annotation) (type_predicate_annotation)]
@typed

; These the grammar puts elsewhere too, where it has to imagine a `!`.
(non_null_expression) @not_null
(type_arguments) @arguments
(public_field_definition ["readonly" "declare" "?"]) @typed
(import_statement ["type" "typeof"]) @typed
(export_statement "type") @typed
