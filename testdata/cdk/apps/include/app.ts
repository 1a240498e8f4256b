// A template that was written by hand, and a key that the app adds for its user.
import { App, Stack } from "aws-cdk-lib";
import { CfnAccessKey, CfnUser } from "aws-cdk-lib/aws-iam";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";

const app = new App();
const stack = new Stack(app, "Wrapped");
const template = new CfnInclude(stack, "Template", { templateFile: "legacy.yaml" });
const user = template.getResource("Importer") as CfnUser;
new CfnAccessKey(stack, "NewKey", { userName: user.ref });
app.synth();
