"""Two keys for one user, one of them under a condition of the deployment."""

from aws_cdk import App, CfnCondition, CfnParameter, Fn, Stack
from aws_cdk import aws_iam as iam

app = App()
stack = Stack(app, "Keys")
rotating = CfnParameter(stack, "Rotating")
both = CfnCondition(stack, "Both", expression=Fn.condition_equals(rotating.value_as_string, "yes"))
user = iam.User(stack, "Robot")
iam.AccessKey(stack, "First", user=user)
second = iam.AccessKey(stack, "Second", user=user, serial=2)
second.node.default_child.cfn_options.condition = both
app.synth()
