// Records what AWS's own offline template model makes of user names and statuses in templates that are made up here.
//
//   npm install @aws/cloudformation-validate@1.9.0-beta
//   node testdata/recorded/record_template_model.mjs > testdata/recorded/template_model.jsonl
//
// Run it from the folder that holds node_modules. One line is a case: the template, and for every key the text of
// `UserName` and `Status` where the model knows it (null where it does not). Defaults count as given. Left out on
// purpose, because the model makes up a value: the stack's name, the account; references among a loop's elements.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'x.js'));
const { TemplateFile, TemplateModel } = require('@aws/cloudformation-validate');

const around = `Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, Default: prod}
  Count: {Type: Number, Default: 2}
  Names: {Type: CommaDelimitedList, Default: "red , blue,green"}
  Free: {Type: String}
Mappings:
  Users:
    prod: {Name: live, Names: [one, two]}
    dev: {Name: trial, Names: [three, four]}
Conditions:
  Always: !Equals [!Ref Env, prod]
Resources:
`;

const users = [
  'deploy', '"010"', '010', 'yes', '"yes"', '1.50', '0x1F', '1_000', '1:30', '2024-05-01', '!!str 010',
  '!Ref Env', '!Ref Count', '{Ref: Env}', '!Ref Free',
  '!Sub "${Env}-user"', '!Sub "${!Env}-user"', '!Sub ["${A}-${Env}", {A: !Ref Count}]',
  '!Join ["-", [a, !Ref Env, c]]', '{"Fn::Join": ["", ["x", {"Ref": "Count"}]]}', '!Join [",", !Ref Names]',
  '!Select [1, !Ref Names]', '!Select ["0", !Ref Names]', '!Select [2, !Split ["/", "a/b/c"]]',
  '!Select [0, [!Ref Env, other]]',
  '!FindInMap [Users, !Ref Env, Name]', '!FindInMap [Users, gone, Name, {DefaultValue: none}]',
  '!Select [1, !FindInMap [Users, dev, Names]]',
  '!Base64 deploy', '{"Fn::Base64": !Sub "${Env}"}',
  '!Ref User', '!GetAtt User.Arn',
];
const texts = users.map((user) => `${around}  User: {Type: AWS::IAM::User}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: ${user}}}
`);
const statuses = ['Active', 'Inactive', '!FindInMap [Users, dev, Name]', '!Ref Free'];
texts.push(...statuses.map((status) => `${around}  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: deploy, Status: ${status}}
`));
const loops = ['[a, b]', '!Ref Names', '["1", c-d]', '!FindInMap [Users, prod, Names]'];
texts.push(...loops.map((items) => `${around}  Fn::ForEach::Keys:
    - Item
    - ${items}
    - "Key&{Item}":
        Type: AWS::IAM::AccessKey
        Properties: {UserName: !Sub "x-\${Item}", Status: Inactive}
`));
texts.push(`${around}  Fn::ForEach::Outer:
    - Team
    - [a, b]
    - Fn::ForEach::Inner:
        - Slot
        - ["1", "2"]
        - "Key\${Team}\${Slot}":
            Type: AWS::IAM::AccessKey
            Properties: {UserName: !Ref Team, Status: !FindInMap [Users, dev, Name]}
`);

const folder = mkdtempSync(join(tmpdir(), 'model-'));
const known = (value) => {
  const concrete = value?.Concrete?.value ?? value?.Concrete;
  return ['string', 'number', 'boolean'].includes(typeof concrete) ? String(concrete) : null;
};
texts.forEach((template, i) => {
  const path = join(folder, `${i}.yaml`);
  writeFileSync(path, template);
  const values = {};
  try {
    for (const [id, resource] of Object.entries(new TemplateModel(new TemplateFile(path)).resources())) {
      if ((resource.resourceType ?? resource.type) !== 'AWS::IAM::AccessKey') continue;
      const { UserName, Status } = resource.properties;
      values[id] = { UserName: known(UserName), Status: known(Status) };
    }
  } catch (error) {
    console.error(`left out: ${error.message}\n${template}`);
    return;
  }
  console.log(JSON.stringify({ name: 't.yaml', template, values }));
});
rmSync(folder, { recursive: true });
