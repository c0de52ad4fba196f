// A phone with matrix-js-sdk and its Rust crypto: a client that nobody of this project wrote.
//
// Driven by JSON lines on stdin, one command a line with an "id"; each is answered by one JSON
// line with the same id: {"id": 1, "ok": true, ...} or {"id": 1, "ok": false, "error": "..."}.
// It runs as current clients do: its own device is signed by its owner, and devices that their
// owner did not sign are refused (they get no keys, and what they send is not decrypted).
//
//   login     homeserver, user, password, bot   a fresh device; invitations of `bot` are accepted
//   join      room
//   wait_known user, timeout_s                  until it knows the devices of that user
//   wait_text fragment, timeout_s [, room]      the newest message that contains the fragment
//   wait_failure reason, timeout_s [, room]     the newest message it does not decrypt for that
//   messages  room                              every message of the room as it is shown now
//   rooms                                       joined rooms: id, name, members
//   say       room, text
//   react     room, event, key
//   unreact   room, event, key
//   read      room, event                       a read receipt
//   stop

import { createInterface } from "node:readline";

// the SDK talks on the console, and stdout is ours
for (const method of ["log", "info", "debug", "trace", "warn"]) console[method] = console.error;

const sdk = await import("matrix-js-sdk");
const { OnlySignedDevicesIsolationMode } = await import("matrix-js-sdk/lib/crypto-api/index.js");
const { logger } = await import("matrix-js-sdk/lib/logger.js");
logger.setLevel("error");

const SHIELDS = ["NONE", "GREY", "RED"]; // EventShieldColour, by its number
const LOOK_EVERY_MS = 50;
const LOGIN_S = 20; // guards against hanging only
let client;

const commands = {
    async login({ homeserver, user, password, bot }) {
        const door = sdk.createClient({ baseUrl: homeserver });
        const identifier = { type: "m.id.user", user };
        const session = await door.loginRequest({ type: "m.login.password", identifier, password });
        client = sdk.createClient({
            baseUrl: homeserver,
            userId: session.user_id,
            deviceId: session.device_id,
            accessToken: session.access_token,
        });
        client.on(sdk.RoomMemberEvent.Membership, (event, member) => {
            const mine = member.userId === client.getUserId() && member.membership === "invite";
            if (mine && event.getSender() === bot) void client.joinRoom(member.roomId);
        });
        await client.initRustCrypto({ useIndexedDB: false });
        const crypto = client.getCrypto();
        crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
        const synced = new Promise((resolve) => {
            client.on(sdk.ClientEvent.Sync, (state) => state === "PREPARED" && resolve());
        });
        await client.startClient({ initialSyncLimit: 100 });
        await synced;
        await crypto.bootstrapCrossSigning({
            setupNewCrossSigning: true,
            authUploadDeviceSigningKeys: (request) =>
                request({ type: "m.login.password", identifier, password }),
        });
        const own = [session.user_id, session.device_id];
        const signed = async () => (await crypto.getDeviceVerificationStatus(...own))?.signedByOwner;
        await until(signed, "the own device signed", LOGIN_S);
        return {};
    },

    async join({ room }) {
        return { room: (await client.joinRoom(room)).roomId };
    },

    // A key that arrives before its sender's devices are known is kept, but what it opens is not
    // tried again when they are: a test that sends right after the first meeting waits for this.
    async wait_known({ user, timeout_s }) {
        const known = async () => {
            const devices = (await client.getCrypto().getUserDeviceInfo([user])).get(user);
            return devices?.size > 0;
        };
        await until(known, `the devices of ${user}`, timeout_s);
        return {};
    },

    async wait_text({ fragment, room, timeout_s }) {
        const fits = (message) => message.text.includes(fragment);
        return { message: await until(() => newest(fits, room), fragment, timeout_s) };
    },

    async wait_failure({ reason, room, timeout_s }) {
        const fits = (message) => message.failure === reason;
        return { message: await until(() => newest(fits, room), reason, timeout_s) };
    },

    async messages({ room }) {
        return { messages: await messagesOf(client.getRoom(room)) };
    },

    async rooms() {
        const joined = client.getRooms().filter((room) => room.getMyMembership() === "join");
        const view = (room) => ({
            room: room.roomId,
            name: room.name,
            members: room.getJoinedMembers().map((member) => member.userId),
        });
        return { rooms: joined.map(view) };
    },

    async say({ room, text }) {
        return { event: (await client.sendTextMessage(room, text)).event_id };
    },

    async react({ room, event, key }) {
        const relation = { rel_type: "m.annotation", event_id: event, key };
        const sent = await client.sendEvent(room, "m.reaction", { "m.relates_to": relation });
        return { event: sent.event_id };
    },

    async unreact({ room, event, key }) {
        const mine = tapsOf(client.getRoom(room), event).filter(
            (tap) => tap.key === key && tap.sender === client.getUserId(),
        );
        if (!mine.length) throw new Error(`no reaction ${key} of mine`);
        return { event: (await client.redactEvent(room, mine.at(-1).event)).event_id };
    },

    async read({ room, event }) {
        await client.sendReadReceipt(client.getRoom(room).findEventById(event));
        return {};
    },

    async stop() {
        client?.stopClient();
        return {};
    },
};

async function until(look, what, timeout_s) {
    const deadline = Date.now() + timeout_s * 1000;
    for (;;) {
        const found = await look();
        if (found) return found;
        if (Date.now() > deadline) {
            const shown = (await Promise.all(client.getRooms().map(messagesOf))).flat();
            throw new Error(`not seen: ${what}; shown: ${JSON.stringify(shown, null, 1)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
}

async function newest(fits, room) {
    const rooms = room ? [client.getRoom(room)] : client.getRooms();
    const shown = (await Promise.all(rooms.filter(Boolean).map(messagesOf))).flat();
    return shown.filter(fits).at(-1);
}

// Every message of a room as the client shows it: edits applied, with what a shield would say.
async function messagesOf(room) {
    const kinds = ["m.room.message", "m.room.encrypted"];
    const events = room.getLiveTimeline().getEvents().filter((e) => kinds.includes(e.getType()));
    return Promise.all(events.filter((e) => !e.isRelation("m.replace")).map(messageOf));
}

async function messageOf(event) {
    const newest = event.replacingEvent() ?? event;
    const versions = newest === event ? [event] : [event, newest];
    const shields = await Promise.all(versions.map(shieldOf));
    const actions = client.getPushActionsForEvent(event);
    return {
        room: event.getRoomId(),
        event: event.getId(),
        sender: event.getSender(),
        kind: event.getContent().msgtype ?? "",
        text: event.isDecryptionFailure() ? "" : String(event.getContent().body ?? ""),
        edited: newest !== event,
        encrypted: versions.every((version) => version.isEncrypted()),
        failure: versions.map((version) => version.decryptionFailureReason).find(Boolean) ?? null,
        shield: shields.find((shield) => shield !== "NONE") ?? "NONE",
        rings: Boolean(actions?.notify && actions?.tweaks?.sound),
        taps: tapsOf(client.getRoom(event.getRoomId()), event.getId()),
    };
}

async function shieldOf(event) {
    const info = await client.getCrypto().getEncryptionInfoForEvent(event);
    if (!info) return event.isEncrypted() ? "UNKNOWN" : "NOT ENCRYPTED";
    return SHIELDS[info.shieldColour];
}

function tapsOf(room, event) {
    const relations = room.relations.getChildEventsForEvent(event, "m.annotation", "m.reaction");
    return (relations?.getRelations() ?? []).map((tap) => ({
        event: tap.getId(),
        sender: tap.getSender(),
        key: tap.getRelation().key,
    }));
}

const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
    const { id, cmd, ...given } = JSON.parse(line);
    try {
        answer({ id, ok: true, ...(await commands[cmd](given)) });
    } catch (error) {
        answer({ id, ok: false, error: String(error?.message ?? error) });
    }
    if (cmd === "stop") break;
}
client?.stopClient();
process.exit(0);
