// One stage for each account: the same user name in each of them, and two stacks of one account that share it.
import { App, Stack, Stage } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const app = new App();
for (const [name, account] of [["Prod", "111122223333"], ["Test", "444455556666"]]) {
  const stage = new Stage(app, name, { env: { account, region: "eu-west-1" } });
  const stack = new Stack(stage, "Keys");
  const user = User.fromUserName(stack, "Deployer", "deployer");
  new AccessKey(stack, "Key", { user });
  if (name === "Prod") {
    const more = new Stack(stage, "More");
    new AccessKey(more, "Key", { user: User.fromUserName(more, "Deployer", "Deployer") });
  }
}
app.synth();
