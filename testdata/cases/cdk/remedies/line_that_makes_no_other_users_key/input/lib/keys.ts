import { App, Stack } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

function key(stack: Stack, id: string, name: string) {
  const user = User.fromUserName(stack, `${id}User`, name);
  new AccessKey(stack, id, { user });
}

const stack = new Stack(new App(), "Keys");
for (const name of ["deploy", "audit"]) key(stack, name, name);
new AccessKey(stack, "Spare", { user: User.fromUserName(stack, "SpareUser", "deploy") });
