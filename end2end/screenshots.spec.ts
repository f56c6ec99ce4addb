import path from 'node:path';
import { AUDIT, EXOTEL, expect, field, HOME, LIST, test, visit, type Page } from './fixtures/test';
import type { Server } from './fixtures/server';

const FOLDER = path.join(__dirname, 'screenshots');

/** Several carriers, many numbers and one failed sync. */
async function seed(server: Server) {
  const bots = [];
  for (const [name, agent_name, metadata] of [
    ['Concierge', 'concierge', '{"language": "en", "greeting": "Good day"}'],
    ['Billing', 'billing-assistant', '{"queue": "billing"}'],
    ['Night desk', 'night-desk', ''],
  ]) {
    bots.push(await server.bot(name, { agent_name, metadata }));
  }
  const none = { auth_username: null, auth_password: null };
  const twilio = await server.carrier({ name: 'Twilio US East', sip_address: 'acme.pstn.ashburn.twilio.com', transport: 'tls', destination_country: 'US', auth_username: 'acme-trunk', allowed_addresses: ['54.172.60.0/30', '54.244.51.0/30'], outbound_cps: 10, outbound_burst: 40, outbound_channels: 200 });
  await server.number(twilio, '+14155550134', { label: 'Front desk', bot_id: bots[0].id });
  await server.number(twilio, '+14155550135', { label: 'Billing', direction: 'inbound', bot_id: bots[1].id });
  await server.number(twilio, '+14155550136', { label: 'Caller id, sales', direction: 'outbound' });
  await server.number(twilio, '+12125550171', { label: 'Old brochure', direction: 'inbound' });
  await server.number(twilio, '+12125550172', { direction: 'both', bot_id: bots[2].id });
  const plivo = await server.carrier({ name: 'Plivo Mumbai', sip_address: '21784123.zt.plivo.com:5060', transport: 'tcp', destination_country: 'IN', ...none, allowed_addresses: ['15.207.90.192/31', '204.89.151.128/27'], outbound_cps: 2.5, outbound_burst: 10, outbound_channels: 60 });
  for (let index = 0; index < 12; index++) {
    await server.number(plivo, `098123456${70 + index}`, { label: `Agent ${index + 1}`, bot_id: bots[index % 3].id });
  }
  const telnyx = await server.carrier({ name: 'Telnyx Frankfurt', sip_address: 'sip.telnyx.eu:5061', transport: 'tls', destination_country: 'DE', auth_username: 'trunkline', outbound_cps: 5 });
  await server.number(telnyx, '+4930901820', { label: 'Berlin', bot_id: bots[0].id });
  await server.carrier({ name: 'Old PBX in the basement', sip_address: '203.0.113.20:5060', ...none, accept_any_source: true });
  await server.carrier({ name: 'Vonage UK', sip_address: 'sip.nexmo.com', destination_country: 'GB', ...none });
  for (const carrier of [twilio, plivo, telnyx]) await server.waitForStatus(carrier, 'synced');
  await server.faults({ fault: 'error', code: 'invalid_argument', message: 'Conflicting inbound SIP Trunks: "<new>" and "ST_9Xb2LqTc4Rf7", using the same number(s) ["+442079460123"] without AllowedNumbers set', method: 'CreateSIPInboundTrunk', sticky: true });
  const broken = await server.carrier({ name: 'Gamma London', sip_address: 'sip.gamma.example', destination_country: 'GB', auth_username: 'gamma' });
  await server.number(broken, '+442079460123', { label: 'London', bot_id: bots[1].id });
  await server.waitForStatus(broken, 'error');
  return { bots, twilio: await server.get(`/carriers/${twilio.id}`), broken };
}

test('screenshots of every page and dialog, light and dark, wide and narrow', async ({ server, exotel, browser, contextOptions, storageState }) => {
  test.setTimeout(300_000);
  const empty: [string, string][] = [
    ['empty-home', HOME],
    ['empty-carriers', LIST],
    ['empty-bots', '/dashboard/bots'],
    ['empty-exotel', '/dashboard/integrations/exotel'],
  ];
  const sizes = [
    { size: '1360', viewport: { width: 1360, height: 900 }, mobile: {} },
    { size: '390', viewport: { width: 390, height: 844 }, mobile: { isMobile: true, hasTouch: true } },
  ];
  const shoot = async (shots: [string, string][], storage: typeof storageState, prepare?: Record<string, (page: Page) => Promise<void>>) => {
    for (const { size, viewport, mobile } of sizes) {
      const context = await browser.newContext({ ...contextOptions, baseURL: server.url, storageState: storage, viewport, ...mobile });
      const here = await context.newPage();
      for (const [name, address] of shots) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await here.emulateMedia({ colorScheme });
          if (colorScheme === 'light') {
            await visit(here, address);
            await prepare?.[name]?.(here);
          }
          // As tall as the page, so that sticky elements are at its edge, unless a dialog covers it.
          const covered = (await here.getByRole('dialog').count()) > 0;
          const tall = await here.evaluate(() => document.documentElement.scrollHeight);
          if (!covered) await here.setViewportSize({ ...viewport, height: Math.max(viewport.height, tall) });
          await here.screenshot({ path: path.join(FOLDER, `${name}-${size}-${colorScheme}.png`) });
          await here.setViewportSize(viewport);
        }
      }
      await context.close();
    }
  };
  await shoot(empty, storageState);
  const { bots, twilio, broken } = await seed(server);
  await server.put('/integrations/exotel', EXOTEL);
  await server.send('POST', '/integrations/exotel/test', {});
  exotel.add('+912240001000', 'Front desk');
  exotel.add('+912240001001');
  exotel.add('+919812345670', 'Agent 1');
  exotel.add('+912240001002', 'Texts', { capabilities: { voice: false, sms: true } });
  const base = `${LIST}/${twilio.id}`;
  await shoot(
    [
      ['carriers', LIST],
      ['carriers-nothing-found', `${LIST}?q=nobody`],
      ['guide', `${LIST}?guide=1`],
      ...['connection', 'authentication', 'pacing', 'directions', 'inbound', 'outbound', 'sync', 'plivo', 'twilio', 'exotel'].map(
        (topic): [string, string] => [`guide-${topic}`, `${LIST}?guide=${topic}`],
      ),
      ['create', `${LIST}/create`],
      ['create-twilio', `${LIST}/create?provider=twilio`],
      ['create-exotel', `${LIST}/create?provider=exotel`],
      ['create-refused', `${LIST}/create#refused`],
      ['carrier', base],
      ['carrier-failed', `${LIST}/${broken.id}`],
      ['carrier-drift', `${base}/drift`],
      ['carrier-edit', `${base}?edit=1`],
      ['carrier-delete', `${base}?delete=1`],
      ['number-add', `${base}?did=new`],
      ['number-edit', `${base}?did=${twilio.dids[0].id}`],
      ['number-remove', `${base}?remove=${twilio.dids[0].id}`],
      ['conflict', `${base}?edit=1#conflict`],
      ['bots', '/dashboard/bots'],
      ['bot-create', '/dashboard/bots/create'],
      ['bot', `/dashboard/bots/${bots[0].id}`],
      ['bot-delete', `/dashboard/bots/${bots[0].id}?delete=1`],
      ['fleet', '/dashboard/fleet'],
      ['fleet-add', '/dashboard/fleet?server=new'],
      ['api-keys', '/dashboard/api-keys'],
      ['api-key-create', '/dashboard/api-keys/create'],
      ['calls', '/dashboard/calls'],
      ['calls-retention', '/dashboard/calls?retention=1'],
      ['calls-why', `/dashboard/calls/why?source=203.0.113.7&from=%2B14155550123&to=${encodeURIComponent(twilio.dids[0].number)}`],
      ['home', HOME],
      ['audit', AUDIT],
      ['audit-history', `${AUDIT}?subject=${twilio.id}`],
      ['exotel', '/dashboard/integrations/exotel'],
      ['exotel-credentials', '/dashboard/integrations/exotel?edit=1'],
      ['exotel-numbers', '/dashboard/integrations/exotel?numbers=1'],
      ['exotel-preview', '/dashboard/integrations/exotel?numbers=1#preview'],
      ['exotel-disconnect', '/dashboard/integrations/exotel?disconnect=1'],
      ['not-found', '/dashboard/nowhere'],
      ['menu', `${LIST}#menu`],
    ],
    storageState,
    {
      'create-refused': async (page) => {
        await page.reload();
        await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
        await field(page, 'SIP address').fill('sip:acme@gw.example');
        await field(page, 'Allowed IPs').fill('203.0.113.7');
        await field(page, 'Allowed IPs').press('Enter');
        await field(page, 'Allowed IPs').fill('gw.plivo.com');
        await field(page, 'Allowed IPs').press('Enter');
        await field(page, 'Outbound burst').fill('1001');
        await page.getByRole('button', { name: 'Create carrier' }).click();
      },
      'exotel-preview': async (page) => {
        await page.reload();
        await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
        await field(page, 'Carrier').selectOption({ index: 1 });
        await page.getByRole('button', { name: 'Preview Import' }).click();
        await expect(page.locator('#import-preview')).toBeVisible();
      },
      conflict: async (page) => {
        await page.reload();
        await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
        await field(page, 'Name').fill('Twilio US (mine)');
        const now = await server.get(`/carriers/${twilio.id}`);
        await server.put(`/carriers/${twilio.id}`, { name: 'Twilio US East', outbound_burst: now.outbound_burst + 1 });
        await page.getByRole('button', { name: 'Save changes' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      },
      menu: async (page) => {
        const menu = page.locator('summary').filter({ hasText: 'Menu' });
        if (await menu.isVisible()) await menu.click();
      },
    },
  );
  await shoot([['login', '/login'], ['setup', '/setup?token=x'], ['not-found-outside', '/nowhere']], { cookies: [], origins: [] });
});
