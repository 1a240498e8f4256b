// Four stacks of keys: one user with two that can be used, and look-alikes beside it.
import { App, Environment, Stack, StackProps, Stage, StageProps } from "aws-cdk-lib";
import { AccessKey, AccessKeyStatus, CfnAccessKey, IUser, User } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

const shared: Environment = { account: "111122223333", region: "eu-west-1" };
const sandbox: Environment = { account: "444455556666", region: "eu-west-1" };

/** Its user gets a key for each pipeline: the violation. */
class DeployStack extends Stack {
  readonly deployer: IUser;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.deployer = new User(this, "Deployer", { userName: "deployer" });
    new AccessKey(this, "BuildPipelineKey", { user: this.deployer });
    new AccessKey(this, "ReleasePipelineKey", { user: this.deployer });

    const archiver = new User(this, "Archiver");
    new AccessKey(this, "ArchiverKey", { user: archiver });
  }
}

/** A rotation in its last step (the old key is Inactive), and a user that another stack made. */
class RotationStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const user = new User(this, "Reporter", { userName: "reporter" });
    new AccessKey(this, "NewKey", { user, serial: 2 });
    new AccessKey(this, "OldKey", { user, serial: 1, status: AccessKeyStatus.INACTIVE });

    const legacy = User.fromUserName(this, "Legacy", "legacy-importer");
    new CfnAccessKey(this, "LegacyKey", { userName: legacy.userName });
  }
}

/** The same user name in an account of its own: one key. */
class SandboxStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const user = new User(this, "Deployer", { userName: "deployer" });
    new AccessKey(this, "Key", { user });
  }
}

class Sandbox extends Stage {
  constructor(scope: Construct, id: string, props?: StageProps) {
    super(scope, id, props);
    new SandboxStack(this, "Keys");
  }
}

const app = new App();
new DeployStack(app, "Deploy", { env: shared });
new RotationStack(app, "Rotation", { env: shared });
new Sandbox(app, "Sandbox", { env: sandbox });
app.synth();
