"""Runs cfn-lint over every template of testdata: the ones that are not valid are those listed here, and no other.

    python .ci/cfn-lint.py CFN_LINT
"""

import json
import pathlib
import subprocess
import sys

# What is not valid on purpose, by the end of its folder's name or by its file's.
ON_PURPOSE = {
    "addons/addons.parameters.yml": "parameters of a Copilot folder, no template",
    "condition/given_by_a_function/input/template.yaml": "a condition's name by a function, which the language extensions read and cfn-lint does not",
    "condition/given_by_a_function_and_opposite/input/template.yaml": "the same",
    "condition/given_by_a_function_without_extensions/input/template.yaml": "the same, without the extensions",
    "condition/named_by_a_parameter/input/template.yaml": "a condition's name by a parameter",
    "condition/named_by_a_parameter_of_an_inactive_key/input/template.yaml": "the same",
    "files_of_one_folder/input/copilot/mail/addons/first.yml": "one file of a Copilot folder, whose user is in another",
    "files_of_one_folder_inactive/input/copilot/mail/addons/first.yml": "the same",
    "file_that_is_named/input/copilot/mail/addons/first.yml": "the same",
    "copilot/folder_of_another_name/input/stacks/addons/first.yml": "the user is in another file",
    "functions/refused_inside_of_another/input/template.yaml": "an element that the list does not have",
    "include/attributes_from_a_snippet/input/template.yaml": "the user's name is in a snippet, which cfn-lint does not read",
    "include/properties_of_a_nested_stack/input/template.yaml": "the same of a nested stack's location",
    "include/properties_of_a_nested_stack_of_two_users/input/template.yaml": "the same",
    "include/user_from_a_bucket/input/template.yaml": "the same",
    "include/values_from_snippets/input/template.yaml": "the same of a condition",
    "loops/condition_of_a_free_item/input/template.yaml": "a condition's name made of an item, which cfn-lint does not fill in",
    "loops/condition_of_an_item/input/template.yaml": "the same",
    "loops/condition_of_an_item_that_never_holds/input/template.yaml": "the same",
    "loops/item_of_the_same_user/input/template.yaml": "an item that an input may repeat",
    "loops/item_that_an_input_repeats/input/template.yaml": "the same",
    "nested/parameter_that_is_not_declared/input/template.yaml": "a parameter that the nested template does not have",
    "include/whole_template/input/shared/keys.yaml": "a snippet, whose user is in the template around it",
    "include/whole_template_with_an_inactive_key/input/shared/keys.yaml": "the same",
    "loops/parts_of_a_text_and_the_first/input/template.yaml": "a loop over the parts of a parameter, which cfn-lint does not transform",
    "loops/parts_of_a_text_and_the_first_of_another/input/template.yaml": "the same",
    "loops/properties_by_a_loop_of_another_name/input/keys.yaml": "a status where a number stands, by a loop",
    "loops/one_name_twice/input/template.yaml": "two loops make one name",
    "names_in_text/nothing_of_that_name/input/template.yaml": "names that nothing has",
    "nested_url/condition_that_is_not_there/input/template.yaml": "a condition that is not there",
    "parameter/default_list_outside_of_its_values/input/template.yaml": "the default is not allowed",
    "parameter/default_outside_of_its_pattern/input/keys.yaml": "the default is not allowed",
    "parameter/default_that_is_too_short/input/template.yaml": "the default is too short",
    "parameter/default_that_is_too_short_for_one_key/input/template.yaml": "the same",
    "parameter/file_of_cli_input_json/input/create.json": "the AWS CLI's request, which names a template",
    "parameter/file_of_cli_input_json_without_a_spare/input/create.json": "the same",
    "refused/dependency_on_nothing/input/t.yaml": "it depends on nothing",
    "refused/attribute_that_no_resource_has/input/template.yaml": "an attribute that no resource has",
    "refused/condition_on_an_import/input/template.yaml": "a condition that asks for an export",
    "refused/delimiter_by_a_function/input/template.yaml": "a delimiter by a function",
    "refused/function_in_a_mapping/input/template.yaml": "a function in a mapping",
    "refused/list_for_a_user/input/template.yaml": "a list for a user's name",
    "refused/name_with_a_dash/input/template.yaml": "a logical id with a dash",
    "refused/resources_as_a_list/input/template.yaml": "resources as a list",
    "refused/resources_as_a_list_without_keys/input/template.yaml": "the same",
    "refused/rule_about_no_parameter/input/template.yaml": "a rule about nothing that is declared",
    "refused/type_that_a_function_gives/input/template.yaml": "a type by a function",
    "refused/type_that_a_function_gives_to_a_bucket/input/template.yaml": "the same",
    "refused/user_that_depends_on_its_key/input/template.yaml": "a circle",
    "syntax/escaped_type_in_a_body_in_a_broken_file/input/template.yaml": "a file that does not parse",
    "syntax/escaped_type_of_another_in_a_body_in_a_broken_file/input/template.yaml": "the same",
    "syntax/core_tags/input/template.yaml": "a type in base64, which cfn-lint keeps as bytes",
    "syntax/core_tags_of_others/input/template.yaml": "the same",
    "syntax/json_with_a_comment/input/keys.json": "a comment in JSON",
    "syntax/key_over_two_lines/input/template.yaml": "a flow key over two lines",
    "syntax/type_with_a_line_break/input/t.yaml": "a type with a line break at its end",
    "syntax/written_twice_and_not_read/input/template.yaml": "a key written twice",
    "syntax/written_twice_and_read/input/template.yaml": "the same",
    "syntax/two_documents/input/templates.yaml": "two documents in one file",
    "syntax/two_keys_in_the_second_document/input/templates.yaml": "two documents in one file",
    "exports/second_document_does_not_parse/input/users.yaml": "a second document, which does not parse",
    "functions/arguments_that_are_refused/input/template.yaml": "arguments that the functions do not take",
    "functions/pieces_of_json/input/template.yaml": "JSON that is cut, of which cfn-lint takes the text for no text",
    "functions/pieces_of_json_of_others/input/template.yaml": "the same",
    "include/macro_beside_the_resources/input/template.yaml": "it depends on what a macro makes",
    "include/macro_in_a_key_of_others/input/template.yaml": "a macro makes the user's name",
    "include/macro_makes_the_properties/input/template.yaml": "the same",
    "loops/collections_that_are_none/input/template.yaml": "collections that are no lists",
    "loops/name_of_a_written_key/input/template.yaml": "a loop makes a name that is written",
    "nested/templates_that_are_not_here/input/template.yaml": "nested stacks without a template",
    "nested/templates_that_are_not_here_of_two_users/input/template.yaml": "the same",
    "parameter/default_that_is_too_long/input/template.yaml": "the default is too long",
    "status/never_where_it_is_wrong/input/template.yaml": "a key that is never there, of a user that is not",
    "status/never_where_it_is_wrong_of_another_user/input/template.yaml": "the same",
    "syntax/json_below_a_block_comment/input/keys.json": "a comment in JSON",
    "syntax/json_below_a_comment/input/keys.json": "the same",
    "syntax/sections_written_twice/input/keys.yaml": "a section written twice",
    "syntax/sections_written_twice/input/template.yaml": "the same",
    "syntax/sections_written_twice_without_a_key/input/template.yaml": "the same",
    "include/attributes_of_a_written_key/input/template.yaml": "the user is in a snippet among the attributes",
    "nested/list_that_is_written/input/template.yaml": "attributes of a nested stack that are no outputs",
    "nested/list_that_is_written_of_others/input/template.yaml": "the same",
}

# What cfn-lint itself does not get through: names that are written like bools, a function where a name belongs.
NOT_READ = (
    "/condition/function_in_the_place_of_a_name/",
    "/condition/names_that_are_bools/",
    "/condition/names_that_are_bools_opposite/",
    "/user/conditional_user_and_another_expression/",
    "/user/conditional_user_and_its_expression/",
    "/user/literal_joins_an_expression/",
    "/user/literals_of_the_other_environment/",
)


def templates(root):
    for path in sorted(root.rglob("*")):
        text = path.as_posix()
        if "/cases/cloudformation/" in text or "/example/cloudformation/" in text:
            # Files of the Serverless Framework are no templates.
            wanted = not any(part in text for part in ("/serverless/", "/serverless.yml", *NOT_READ)) and path.suffix in (".yaml", ".yml", ".json", ".template")
            if wanted and ("/input/" in text or "/example/" in text) and "Resources" in path.read_text():
                yield text
        elif text.endswith(".template.json") and "/cases/" not in text:
            yield text


def main():
    found = list(templates(pathlib.Path("testdata")))
    command = [sys.argv[1], "--format", "json", "--ignore-checks", "W", "I", "--regions", "us-east-1", "-t", *found]
    errors = {}
    for match in json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout or "[]"):
        errors.setdefault(match["Filename"], []).append(f"{match['Rule']['Id']}: {match['Message']}")
    listed = {path for path in found if any(path.endswith(end) for end in ON_PURPOSE)}
    for path in sorted(set(errors) - listed):
        print(path, *errors[path], sep="\n  ")
    for path in sorted(listed - set(errors)):
        print(f"{path} is valid; take it off the list")
    print(f"{len(found)} templates, {len(errors)} not valid, {len(listed)} on purpose")
    sys.exit(set(errors) != listed)


main()
