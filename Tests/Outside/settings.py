"""settings.py SCHEMA FILE...: whether every YAML document of the files is valid by the JSON Schema."""

import json
import sys

import jsonschema
import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

count = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        for document in yaml.safe_load_all(file):
            for error in validator.iter_errors(document):
                sys.exit(f"{path}: {error.json_path}: {error.message}")
            for wrong in ({"kind": "Tenent"}, {**document, "unknown": 1}):
                if validator.is_valid(wrong):
                    sys.exit(f"{path}: the schema takes {wrong}")
            count += 1
print(count)
