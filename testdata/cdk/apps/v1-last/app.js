// The last version 1: a Stage whose nested stacks each have one nested stack, called alike, with the key of a user of its own;
// a third stack imports one of the users, and its key is Inactive.
const { App, NestedStack, Stack, Stage } = require("@aws-cdk/core");
const { AccessKey, AccessKeyStatus, User } = require("@aws-cdk/aws-iam");

const app = new App();
const prod = new Stage(app, "Prod", { env: { account: "111122223333", region: "eu-west-1" } });
const users = new Stack(prod, "Users");
const deploy = new User(users, "Deploy");
for (const name of ["Build", "Release"]) {
  const user = name === "Build" ? deploy : new User(users, "Other");
  const middle = new NestedStack(users, name);
  new AccessKey(new NestedStack(middle, "Keys"), "Key", { user });
}
const rotation = new Stack(prod, "Rotation");
new AccessKey(rotation, "Old", { user: deploy, status: AccessKeyStatus.INACTIVE });
app.synth();
