// Two Stages hold stacks of the same names, in accounts that are not named: what a stack imports is in its own Stage.
import { App, Stack, Stage } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const app = new App();
for (const name of ["Dev", "Prod"]) {
  const stage = new Stage(app, name);
  const users = new Stack(stage, "Users", { stackName: "users" });
  const user = new User(users, "Deploy");
  new AccessKey(users, "Key", { user });
  if (name === "Prod") {
    new AccessKey(new Stack(stage, "Second", { stackName: "second" }), "Key", { user });
  }
}
app.synth();
