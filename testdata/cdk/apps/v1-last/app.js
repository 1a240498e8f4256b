// The last version 1, which names an artifact after its stack: two Stages hold stacks of the same names. In each, a nested
// stack of a nested stack has a user's key, another stack has an Inactive one, and one more key names its user.
const { App, NestedStack, Stack, Stage } = require("@aws-cdk/core");
const { AccessKey, AccessKeyStatus, CfnAccessKey, User } = require("@aws-cdk/aws-iam");

const app = new App();
for (const name of ["Dev", "Prod"]) {
  const stage = new Stage(app, name);
  const users = new Stack(stage, "Users", { stackName: "users" });
  const user = new User(users, "Deploy");
  new AccessKey(new NestedStack(new NestedStack(users, "Build"), "Keys"), "Key", { user });
  const rotation = new Stack(stage, "Rotation", { stackName: "rotation" });
  new AccessKey(rotation, "Old", { user, status: AccessKeyStatus.INACTIVE });
  new CfnAccessKey(rotation, "Named", { userName: "ci" });
}
app.synth();
