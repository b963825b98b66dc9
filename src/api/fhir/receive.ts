// What a feed sends over FHIR: messages to $process-message (FHIR R4 messageheader-operation-process-message.html, Da
// Vinci Unsolicited Notifications) and Encounters by POST and PUT. The client of the token decides the feed, as at /hl7.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../base/fault.ts';
import type { FeedPartner } from '../../catalog/partner.ts';
import { keptOutcome } from '../../fhir/outcome.ts';
import { permits, type Right } from '../../fhir/scopes.ts';
import type { PostedResource, ResourceKept } from '../../flow/receive-resource.ts';
import { nameRoute } from '../observe.ts';
import { mediaTypeOf, readBody } from '../read-body.ts';
import { sendFhir } from '../respond.ts';
import { answer, type FhirEdge, formatOf, queryOf, refuseParameters, requireJson } from './edge.ts';

const taken = new Set(['application/fhir+json', 'application/json']);

export interface FeedWrites {
  processMessage(req: IncomingMessage, res: ServerResponse): Promise<void>;
  writeEncounter(req: IncomingMessage, res: ServerResponse, id?: string): Promise<void>;
}

export function createFeedWrites(
  edge: FhirEdge,
  given: {
    readonly feeds: readonly FeedPartner[];
    readonly receiveResource: (posted: PostedResource) => Promise<ResourceKept>;
  },
): FeedWrites {
  function receive(
    req: IncomingMessage,
    res: ServerResponse,
    what: Omit<PostedResource, 'bytes' | 'partner'> & { readonly type: string; readonly right: Right },
  ): Promise<void> {
    const { type, right, ...posted } = what;
    const interaction = what.form === 'message' ? 'process-message' : right === 'c' ? 'create' : 'update';
    nameRoute(res, what.form === 'message' ? 'process-message' : `${interaction} Encounter`);
    return answer(edge, req, res, { interaction, resource: type }, async (caller) => {
      const parameters = queryOf(req);
      refuseParameters(parameters, what.form === 'message' ? ['async'] : []);
      requireJson(req, formatOf(parameters));
      // The first in the order of the partner files, as at /hl7.
      const feed = given.feeds.find(
        ({ organisation, http }) =>
          organisation === caller.organisation && http?.clients.includes(caller.client) === true,
      );
      if (feed === undefined) throw new Fault('partner.unknown');
      if (!permits(caller.scopes, type, right))
        throw new Fault('auth.scope-insufficient', { detail: `system/${type}.${right}` });
      if (!taken.has(mediaTypeOf(req))) throw new Fault('http.content-type');
      const bytes = await readBody(req, edge.limits.messageBytesMax, edge.limits);
      const { ignored } = await given.receiveResource({ ...posted, bytes, partner: feed.id });
      const told = ignored === undefined ? 'Kept; it will be worked in its turn.' : `Kept, without effect: ${ignored}.`;
      sendFhir(req, res, 202, JSON.stringify(keptOutcome(told)));
    });
  }

  return {
    processMessage: (req, res) => receive(req, res, { form: 'message', type: 'MessageHeader', right: 'c' }),
    writeEncounter: (req, res, id) =>
      receive(req, res, {
        form: 'encounter',
        type: 'Encounter',
        right: id === undefined ? 'c' : 'u',
        ...(id !== undefined && { id }),
      }),
  };
}
