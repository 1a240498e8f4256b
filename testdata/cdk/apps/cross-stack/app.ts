// A user that one stack makes and two others make keys for, through an export; no stack names its account.
import { App, Stack } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const app = new App();
const user = new User(new Stack(app, "Users"), "Robot");
new AccessKey(new Stack(app, "Shop"), "Key", { user });
new AccessKey(new Stack(app, "Sales"), "Key", { user });
app.synth();
