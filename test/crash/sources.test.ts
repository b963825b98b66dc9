// The whole service: a discharge notification over FHIR, then its summary and its appointment over HL7 v2, and kill -9
// right after each answer; what was answered is there and comes to the same work.

import { expect, it } from 'vitest';
import { fetchLocalToken } from '../../scripts/local-token.ts';
import { aNotification } from '../support/fhir-messages.ts';
import { aDocument, anAppointment } from '../support/other-messages.ts';
import { aTestFolder, type Settings, startProcess } from '../support/service-process.ts';

/** Days from now, so that the case is open whenever the test runs. */
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 19);
const stamp = (offset: number) => `${day(offset).replace(/[-:T]/g, '')}+0000`;

it('takes notifications, documents and appointments into one case', { timeout: 120_000 }, async () => {
  const dataDir = aTestFolder('sources');
  let settings: Settings = { DATA_DIR: dataDir };
  let service = await startProcess(settings);
  let { http } = await service.ready;
  settings = { ...settings, HTTP_PORT: new URL(http).port };

  async function request(path: string, init: RequestInit & { readonly type?: string } = {}): Promise<Response> {
    const local = { dataDir, host: '127.0.0.1', httpPort: Number(new URL(http).port), publicUrl: undefined };
    const { token } = await fetchLocalToken(local, 'system/*.cruds');
    const headers = { authorization: `Bearer ${token}`, ...(init.type !== undefined && { 'content-type': init.type }) };
    return fetch(`${http}${path}`, { ...init, headers });
  }
  async function killAfter(response: Response): Promise<string> {
    const text = await response.text();
    await service.kill('SIGKILL');
    service = await startProcess(settings);
    http = (await service.ready).http;
    return `${response.status} ${text}`;
  }
  const hl7 = (body: string) => request('/hl7', { method: 'POST', body, type: 'application/hl7-v2' });
  const options = { end: `${day(-2)}Z`, start: `${day(-5)}Z`, updatedAt: `${day(-2)}Z` };
  const body = JSON.stringify(aNotification(options));
  const notify = () => request('/fhir/R4/$process-message', { method: 'POST', body, type: 'application/fhir+json' });

  expect(await killAfter(await notify())).toMatch(/^202 .*"informational"/);
  expect(await killAfter(await hl7(aDocument({ at: stamp(-1), writtenAt: stamp(-1) })))).toContain('MSA|AA|');
  expect(await killAfter(await hl7(anAppointment({ at: stamp(-1), start: stamp(3) })))).toContain('MSA|AA|');
  expect((await notify()).status).toBe(202);

  const tasks = async () => {
    const found = (await (await request('/fhir/R4/Task?status=in-progress')).json()) as {
      entry?: { resource: { code: { coding: { code: string }[] }; businessStatus?: { coding: { code: string }[] } } }[];
    };
    return (found.entry ?? []).map(({ resource }) => [
      resource.code.coding[0]?.code,
      resource.businessStatus?.coding[0]?.code,
    ]);
  };
  await expect.poll(tasks, { timeout: 20_000, interval: 200 }).toEqual(
    expect.arrayContaining([
      ['discharge-information', 'document-received'],
      ['follow-up-visit', 'appointment-booked'],
    ]),
  );
  const plans = (await (await request('/fhir/R4/CarePlan')).json()) as { total?: number; entry?: unknown[] };
  expect(plans.entry).toHaveLength(1);
  const figures = await (await fetch(`${http}/metrics`)).text();
  expect(figures).toMatch(/FHIR\^DISCHARGE/);
  expect(service.output()).not.toMatch(/Winter/);
  expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});
