// A user's name that is looked up, synthesized without credentials: the templates hold dummies.
import { App, Stack } from "aws-cdk-lib";
import { AccessKey, CfnAccessKey, User } from "aws-cdk-lib/aws-iam";
import { StringParameter } from "aws-cdk-lib/aws-ssm";

const app = new App();
const stack = new Stack(app, "Keys", { env: { account: "111122223333", region: "eu-west-1" } });
const name = StringParameter.valueFromLookup(stack, "/team/robot");
const other = StringParameter.valueFromLookup(stack, "/team/reader");
const user = User.fromUserName(stack, "Robot", name);
new AccessKey(stack, "First", { user });
new AccessKey(stack, "Second", { user });
new CfnAccessKey(stack, "Reader", { userName: other });
// A name that is written, and that a look-up happens to end in.
new CfnAccessKey(stack, "Written", { userName: "reader" });
app.synth();
