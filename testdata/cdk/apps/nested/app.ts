// A user of the parent with a key in each of two nested stacks; a third stack's key is Inactive.
import { App, NestedStack, Stack } from "aws-cdk-lib";
import { AccessKey, AccessKeyStatus, User } from "aws-cdk-lib/aws-iam";

const app = new App();
const stack = new Stack(app, "Parent");
const user = new User(stack, "Shared", { userName: "shared" });
for (const name of ["Build", "Release"]) {
  new AccessKey(new NestedStack(stack, name), "Key", { user });
}
new AccessKey(new NestedStack(stack, "Old"), "Key", { user, status: AccessKeyStatus.INACTIVE });
app.synth();
