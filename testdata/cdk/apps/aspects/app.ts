// An aspect that switches off every key but the newest.
import { App, Aspects, IAspect, Stack } from "aws-cdk-lib";
import { AccessKey, CfnAccessKey, User } from "aws-cdk-lib/aws-iam";
import { IConstruct } from "constructs";

class OnlyTheNewest implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnAccessKey && (node.serial ?? 0) < 2) {
      node.status = "Inactive";
    }
  }
}

const app = new App();
const stack = new Stack(app, "Keys");
const user = new User(stack, "Robot");
new AccessKey(stack, "Old", { user, serial: 1 });
new AccessKey(stack, "New", { user, serial: 2 });
Aspects.of(app).add(new OnlyTheNewest());
app.synth();
