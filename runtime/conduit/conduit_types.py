"""The words of models and deployments: what an app says about where and how a model is to run."""

from enum import StrEnum

from msgspec import Struct


class DeploymentStatus(StrEnum):
    """What became of a deployment."""

    DEPLOYING = "DEPLOYING"
    DEPLOYED = "DEPLOYED"
    STOPPED = "STOPPED"


class NodeStatus(StrEnum):
    """What became of one machine of a deployment."""

    PROVISIONING = "PROVISIONING"
    PROVISIONED = "PROVISIONED"
    DEPLOYED = "DEPLOYED"
    STOPPED = "STOPPED"


class Runtime(StrEnum):
    """Inference runtimes."""

    LM_LITE = "LM_LITE"
    VLLM = "VLLM"


class ComputeProvider(StrEnum):
    """Who lends the machines."""

    LOCAL = "LOCAL"
    RUNPOD = "RUNPOD"


class DeploymentType(StrEnum):
    """What is deployed."""

    LLM = "LLM"


class DeploymentConstraint(StrEnum):
    """What a choice of machines must keep to."""

    SINGLE_DEVICE = "SINGLE_DEVICE"
    ENTERPRISE = "ENTERPRISE"


class LmModelConfig(Struct, frozen=True):
    """A language model: a folder, or a name on the hub, and how much of it is wanted."""

    id: str
    max_model_len: int = 1024
    max_model_concurrency: int = 1


class LmLiteModelConfig(LmModelConfig, frozen=True):
    """A model for LM_LITE; a forming batch waits at most this long."""

    model_batch_execute_timeout_ms: int = 500
