// HL7 v2 over HTTP: one message is posted, its acknowledgment is the body of the answer, whatever it says (HAPI "HL7
// over HTTP"); or a file of messages, answered by a batch of acknowledgments. The client of the token decides the feed; nothing in the message does.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { asFault, Fault } from '../../base/fault.ts';
import { describeCause } from '../../base/log.ts';
import type { FeedPartner } from '../../catalog/partner.ts';
import { statusOf } from '../../fhir/outcome.ts';
import { keepAudit } from '../../store/audit.ts';
import type { Authenticate } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { ApiDependencies, ApiLimits } from '../dependencies.ts';
import { nameClient, nameRoute } from '../observe.ts';
import { mediaTypeOf, readBody } from '../read-body.ts';
import { send, sendFault } from '../respond.ts';
import { holdsHeader, peek, startsBatch } from './peek.ts';
import { receivePostedFile } from './receive-batch.ts';

const taken = new Set(['application/hl7-v2', 'x-application/hl7-v2+er7']);

/** The feed that lists this client, and no other lists it; undefined too when a feed is named and this is another. */
const feedOf = (
  feeds: readonly FeedPartner[],
  { client, organisation }: Caller,
  named: string | null,
): FeedPartner | undefined =>
  feeds.find(
    (feed) =>
      feed.organisation === organisation &&
      feed.http?.clients.includes(client) === true &&
      (named === null || feed.id === named),
  );

/** `as=batch`: a file of messages, whatever it begins with. `partner=ID`: refused unless the client posts for this feed. */
const askedOf = (req: IncomingMessage): URLSearchParams => new URLSearchParams((req.url ?? '').split('?')[1] ?? '');

/** What the sender calls the file (RFC 6266), as far as a file may be called so. */
const fileName = (req: IncomingMessage): string =>
  /filename="([\w. -]{1,100})"/.exec(req.headers['content-disposition'] ?? '')?.[1] ?? 'posted';

const sendAcknowledgment = (
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  reply: readonly Uint8Array[],
  headers: OutgoingHttpHeaders = {},
): void =>
  send(req, res, status, Buffer.concat(reply), { 'Content-Type': 'application/hl7-v2; charset=utf-8', ...headers });

export function createMessagePost(
  given: Pick<ApiDependencies, 'feeds' | 'receive' | 'databases' | 'now' | 'newId' | 'log'> & {
    readonly authenticate: Authenticate;
    readonly limits: ApiLimits;
  },
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  async function refuse(caller: Caller): Promise<never> {
    const database = given.databases(caller.organisation);
    const entry = {
      actor: caller.actor,
      action: 'E',
      interaction: 'message',
      outcome: 8,
      patients: [],
      resources: [],
    } as const;
    if (database) await keepAudit(database, caller.organisation, [entry], given.now());
    throw new Fault('partner.unknown');
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new Fault('http.method-not-allowed');
    const caller = await given.authenticate(req.headers.authorization);
    nameClient(res, caller.client);
    const asked = askedOf(req);
    const feed = feedOf(given.feeds, caller, asked.get('partner')) ?? (await refuse(caller));
    if (!taken.has(mediaTypeOf(req))) throw new Fault('http.content-type');
    const start = await peek(req, given.limits);
    if (feed.batch !== false && (startsBatch(start) || asked.get('as') === 'batch')) {
      const database = given.databases(caller.organisation);
      if (!database) throw new Fault('partner.unknown');
      const posted = { req, start, partner: feed.id, database, name: fileName(req) };
      const { answer } = await receivePostedFile(given, posted);
      return sendAcknowledgment(req, res, 200, [Buffer.from(answer)]);
    }
    const bytes = await readBody(req, given.limits.messageBytesMax, given.limits).catch((thrown: unknown) => thrown);
    if (!Buffer.isBuffer(bytes)) return refuseUnread(req, res, { start, partner: feed.id, fault: asFault(bytes) });
    const reply = await given.receive({ bytes, partner: feed.id, isVouchedFor: true });
    // Not kept: no acknowledgment may say otherwise. The sender keeps the message and sends it again.
    if (reply === 'close') throw new Fault('store.unavailable');
    if (reply.length === 0) send(req, res, 204, '', {});
    else sendAcknowledgment(req, res, 200, reply);
  }

  /** A message that is too large is refused as it is over MLLP: by an acknowledgment, with its header and fate kept. */
  async function refuseUnread(
    req: IncomingMessage,
    res: ServerResponse,
    { start, partner, fault }: { readonly start: Buffer; readonly partner: string; readonly fault: Fault },
  ): Promise<void> {
    if (fault.code !== 'http.body-too-large' || !holdsHeader(start)) throw fault;
    const reply = await given.receive({ bytes: start, isOversize: true, partner, isVouchedFor: true });
    if (reply === 'close' || reply.length === 0) throw fault;
    sendAcknowledgment(req, res, statusOf(fault), reply, { Connection: 'close' });
  }

  return async (req, res) => {
    nameRoute(res, 'hl7');
    try {
      await answer(req, res);
    } catch (thrown) {
      const fault = asFault(thrown);
      if (fault.kind === 'defect') given.log.error('message post failed', { cause: describeCause(fault) });
      sendFault(req, res, fault, fault.code === 'http.method-not-allowed' ? { Allow: 'POST' } : {});
    }
  };
}
