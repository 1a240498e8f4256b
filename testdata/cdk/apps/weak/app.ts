// The same with weak references: the consumers read the producer's output, and nothing is exported.
import { App, Stack } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const app = new App({ context: { "@aws-cdk/core:defaultCrossStackReferences": "weak" } });
const env = { account: "111122223333", region: "eu-west-1" };
const user = new User(new Stack(app, "Users", { env }), "Robot");
new AccessKey(new Stack(app, "Shop", { env }), "Key", { user });
new AccessKey(new Stack(app, "Sales", { env }), "Key", { user });
app.synth();
