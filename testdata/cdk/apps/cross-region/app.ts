// A user made in one region with a key there and one in another region, through CDK's reader and writer.
import { App, Stack } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

const app = new App();
const account = "111122223333";
const near = new Stack(app, "Near", { env: { account, region: "eu-west-1" }, crossRegionReferences: true });
const far = new Stack(app, "Far", { env: { account, region: "us-east-1" }, crossRegionReferences: true });
const user = new User(near, "Robot");
new AccessKey(near, "Key", { user });
new AccessKey(far, "Key", { user });
app.synth();
