// The legacy synthesizer: nested templates are named by parameters, and no asset manifest is written.
import { App, LegacyStackSynthesizer, NestedStack, Stack } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const app = new App();
const stack = new Stack(app, "Parent", { synthesizer: new LegacyStackSynthesizer() });
const user = new User(stack, "Shared");
new AccessKey(stack, "Key", { user });
new AccessKey(new NestedStack(stack, "Nest"), "Key", { user });
app.synth();
