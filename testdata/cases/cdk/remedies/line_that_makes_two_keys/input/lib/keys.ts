import { App, Stack } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const stack = new Stack(new App(), "Keys");
const user = User.fromUserName(stack, "User", "deploy");
for (const id of ["Blue", "Green"]) new AccessKey(stack, id, { user });
new AccessKey(stack, "Audit", { user: User.fromUserName(stack, "Auditor", "audit") });
