// One of the first versions with nested stacks: a nested stack of a nested stack has a second key for a user of the
// outermost one, by its name. Each stack calls its key alike; the middle one's user is another.
const { App, Stack } = require("@aws-cdk/core");
const { NestedStack } = require("@aws-cdk/aws-cloudformation");
const { CfnAccessKey, User } = require("@aws-cdk/aws-iam");

const app = new App();
const parent = new Stack(app, "Parent");
const deploy = new User(parent, "Deploy", { userName: "deploy" });
new CfnAccessKey(parent, "Key", { userName: deploy.userName });
const middle = new NestedStack(parent, "Middle");
new CfnAccessKey(middle, "Key", { userName: new User(middle, "Own").userName });
new CfnAccessKey(new NestedStack(middle, "Inner"), "Key", { userName: "deploy" });
app.synth();
