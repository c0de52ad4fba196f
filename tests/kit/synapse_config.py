"""The configuration of a homeserver that serves one test run or one demo, and nobody else."""

import base64
import json
import secrets
from pathlib import Path
from typing import Any


def write_config(folder: Path, *, server_name: str, bind: str, port: int, secret: str) -> Path:
    """Write all files that Synapse needs in `folder` and return the main one.

    `secret` lets its holder make users. The signing key is made once per folder.
    """
    key = folder / "signing.key"
    if not key.exists():
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        key.write_text(f"ed25519 a_kit {seed}\n")
    log = folder / "log.json"
    log.write_text(json.dumps(_log_config(folder)))
    main = folder / "homeserver.json"  # JSON is YAML
    main.touch(mode=0o600)
    main.write_text(
        json.dumps(
            {
                "server_name": server_name,
                "listeners": [_listener(bind, port)],
                "database": {
                    "name": "sqlite3",
                    "args": {"database": str(folder / "homeserver.sqlite3")},
                },
                "log_config": str(log),
                "media_store_path": str(folder / "media"),
                "signing_key_path": str(key),
                "registration_shared_secret": secret,
                "macaroon_secret_key": secret,
                "form_secret": secret,
                "bcrypt_rounds": 4,
                **ALONE,
                **RINGS,
                **SPARED,
                **UNLIMITED,
            },
            indent=1,
        )
    )
    return main


# nothing from or to anybody else
ALONE: dict[str, Any] = {
    "trusted_key_servers": [],
    "suppress_key_server_warning": True,
    "federation_domain_whitelist": [],
    "report_stats": False,
    "url_preview_enabled": False,
    "enable_metrics": False,
}

# what rings phones goes to a push gateway that a test plays on this machine; Synapse itself
# refuses addresses of its own machine and network
RINGS: dict[str, Any] = {"ip_range_whitelist": ["127.0.0.1"]}

# work that nobody looks at here
SPARED: dict[str, Any] = {
    "presence": {"enabled": False},
    "user_directory": {"enabled": False},
}

# a whole day played in a minute must not look like an attack
FAST = {"per_second": 10_000, "burst_count": 10_000}
UNLIMITED: dict[str, Any] = {
    "rc_message": FAST,
    "rc_registration": FAST,
    "rc_registration_token_validity": FAST,
    "rc_login": {"address": FAST, "account": FAST, "failed_attempts": FAST},
    "rc_admin_redaction": FAST,
    "rc_joins": {"local": FAST, "remote": FAST},
    "rc_joins_per_room": FAST,
    "rc_key_requests": FAST,
    "rc_3pid_validation": FAST,
    "rc_invites": {"per_room": FAST, "per_user": FAST, "per_issuer": FAST},
    "rc_third_party_invite": FAST,
    "rc_media_create": FAST,
    "rc_presence": {"per_user": FAST},
    "rc_delayed_event_mgmt": FAST,
    "rc_room_creation": FAST,
    "rc_reports": FAST,
    "rc_user_directory": FAST,
    "rc_profile": FAST,
}


def _listener(bind: str, port: int) -> dict[str, Any]:
    return {
        "port": port,
        "bind_addresses": [bind],
        "type": "http",
        "tls": False,
        "resources": [{"names": ["client"], "compress": False}],
    }


def _log_config(folder: Path) -> dict[str, Any]:
    return {
        "version": 1,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": str(folder / "synapse.log"),
                "formatter": "line",
            }
        },
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }
