// The first version 2, by a CLI of a few months later: two stacks of a Stage and a nested stack of one have a key for one user.
const { App, NestedStack, Stack, Stage } = require("aws-cdk-lib");
const { CfnAccessKey, User } = require("aws-cdk-lib/aws-iam");

const app = new App();
const prod = new Stage(app, "Prod", { env: { account: "111122223333", region: "eu-west-1" } });
const users = new Stack(prod, "Users", { stackName: "prod-users" });
const deploy = new User(users, "Deploy", { userName: "deploy" });
new CfnAccessKey(new NestedStack(users, "Nest"), "Key", { userName: deploy.userName });
new CfnAccessKey(new Stack(prod, "Keys"), "Key", { userName: deploy.userName });
app.synth();
