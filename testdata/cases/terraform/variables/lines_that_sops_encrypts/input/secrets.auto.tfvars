extra=ENC[AES256_GCM,data:Qw==,iv:dGVzdA==,tag:dGVzdA==,type:int]
sops_version=3.9.0
