import { EXOTEL, expect, field, LIST, path, row, test, visit, type Page } from '../fixtures/test';

const EXOTEL_PAGE = '/dashboard/integrations/exotel';
const API = '/integrations/exotel';

async function enter(page: Page, fields: Partial<typeof EXOTEL>) {
  if (fields.account_sid) await field(page, 'Account SID').fill(fields.account_sid);
  if (fields.subdomain) await page.getByRole('radio', { name: new RegExp(`${fields.subdomain}$`) }).check({ force: true });
  if (fields.api_key) await field(page, 'API Key').fill(fields.api_key);
  if (fields.api_token) await field(page, 'API Token').fill(fields.api_token);
}

const save = (page: Page) => page.getByRole('button', { name: 'Save Credentials' }).click();

test('account is connected, tested and changed', async ({ page, server, exotel, accessible }) => {
  await visit(page, LIST);
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: 'Integrations' }).click();
  await page.getByRole('link', { name: 'Open Exotel' }).click();
  await expect(page.getByText('No Exotel account is connected')).toBeVisible();
  await accessible(page, 'not connected');
  await page.getByRole('link', { name: 'Connect Exotel' }).click();
  await accessible(page, 'credentials');
  await enter(page, { account_sid: 'https://my.exotel.com/acme1' });
  await save(page);
  await expect(page.locator('#exotel-account_sid-error')).toContainText('letters, digits');
  await expect(field(page, 'Account SID')).toBeFocused();
  await enter(page, { ...EXOTEL, api_token: 'wrong-token', api_key: 'with blank' });
  await save(page);
  await expect(page.locator('#exotel-api_key-error')).toContainText('copy it from');
  await accessible(page, 'credentials with a fault');
  await enter(page, { api_key: EXOTEL.api_key });
  await save(page);
  await expect(page.getByText('Not tested yet')).toBeVisible();
  expect(path(page)).toBe(EXOTEL_PAGE);
  expect(exotel.calls).toEqual([]);
  await accessible(page, 'not tested');
  const saved = await server.get(API);
  expect(saved).toMatchObject({ account_sid: 'acme1', subdomain: 'api.in.exotel.com', api_key: '********', api_token: '********', version: 1 });

  await page.getByRole('button', { name: 'Test Connection' }).click();
  await expect(page.getByText(/Exotel refused the API key or token \(401 UNAUTHORIZED/)).toBeVisible();
  await accessible(page, 'a failed test');
  await page.getByRole('link', { name: 'Change Credentials' }).click();
  await expect(field(page, 'Account SID')).toHaveValue('acme1');
  await expect(field(page, 'API Token')).toHaveValue('');
  await enter(page, { api_token: EXOTEL.api_token });
  await save(page);
  await expect(page.getByText('Not tested yet')).toBeVisible();
  await page.getByRole('button', { name: 'Test Connection' }).click();
  await expect(page.getByText('Connected to Exotel').first()).toBeVisible();
  expect(exotel.calls).toHaveLength(2);
});

test('card shows the connection, and disconnecting says what is lost', async ({ page, server, accessible }) => {
  await server.put(API, EXOTEL);
  await visit(page, LIST);
  const card = page.getByRole('region', { name: 'Integrations' });
  await expect(card).toContainText('acme1: not tested yet · 0 numbers');
  expect((await server.send('POST', `${API}/test`, {})).status).toBe(200);
  // Updated without a reload.
  await expect(card).toContainText('Connected as acme1 · 0 numbers');
  await card.getByRole('link', { name: /Exotel/ }).click();
  await page.getByRole('link', { name: 'Disconnect' }).click();
  const dialog = page.getByRole('dialog', { name: 'Disconnect Exotel' });
  await expect(dialog).toContainText('Deletes the API key and API token of acme1');
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'disconnect');
  await dialog.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('No Exotel account is connected')).toBeVisible();
  expect((await server.get(API)).connected).toBe(false);
});

for (const [what, fault, words] of [
  ['an account without KYC', { status: 403, code: 'FORBIDDEN', message: 'Account suspended or insufficient permissions.' }, /KYC is verified/],
  ['another cluster', { status: 404 }, /Mumbai or in Singapore/],
  ['too many questions', { status: 429 }, /Wait 30 seconds/],
  ['a fault at Exotel', { status: 500 }, /Try again later/],
  ['a login page in between', { html: '<h1>Airport</h1> Log in' }, /not Exotel's API \(Airport Log in\)/],
  ['a broken connection', { drop: true }, /broke off/],
  ['half an answer', { cut: true }, /cut off/],
] as const) {
  test(`${what} is reported on the page`, async ({ page, server, exotel }) => {
    await server.put(API, EXOTEL);
    exotel.fault = fault;
    await visit(page, EXOTEL_PAGE);
    await page.getByRole('button', { name: 'Test Connection' }).click();
    await expect(page.getByText(words).first()).toBeVisible();
    await visit(page, `${EXOTEL_PAGE}?numbers=1`);
    await expect(page.getByRole('main').getByRole('alert')).toContainText(words);
    exotel.fault = undefined;
    exotel.add('+912240001000', 'Front desk');
    await page.getByRole('link', { name: 'Try again' }).click();
    await expect(row(page, 'Front desk')).toBeVisible();
    await expect(page.getByText('Connected to Exotel', { exact: true })).toBeVisible();
  });
}

test('numbers are chosen, previewed, imported and synced', async ({ page, server, exotel, accessible }) => {
  await server.put(API, EXOTEL);
  exotel.pageSize = 3;
  exotel.add('+912240001000', 'Front desk');
  exotel.add('+912240001001');
  exotel.add('+912240001002', 'Night desk');
  exotel.add('+9122', 'Broken');
  exotel.add('+912240001003', 'Elsewhere');
  exotel.add('+912240001004', 'Texts', { capabilities: { voice: false, sms: true } });
  const plivo = await server.carrier({ name: 'Plivo' });
  await server.number(plivo, '+912240001003');
  const carrier = await server.carrier({ name: 'Exotel Mumbai', sip_address: 'in.voip.exotel.com:443', transport: 'tls', destination_country: 'IN' });
  await server.bot('Concierge');

  await visit(page, EXOTEL_PAGE);
  await page.getByRole('link', { name: 'Show Numbers' }).click();
  await expect(row(page, 'Front desk')).toContainText('+91 22 4000 1000');
  expect(exotel.calls).toHaveLength(2);
  await expect(row(page, 'Elsewhere').getByRole('link', { name: 'On Plivo' })).toBeVisible();
  await expect(row(page, 'Elsewhere').getByRole('checkbox')).toBeDisabled();
  await expect(row(page, 'Broken')).toContainText('Not a usable number');
  await expect(row(page, 'Texts')).toContainText('No voice at Exotel');
  await accessible(page, 'numbers');
  await expect(field(page, 'Carrier')).toHaveValue(carrier.id);

  await page.getByRole('button', { name: 'Choose None' }).click();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Choose All' }).click();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(3);
  // A number without voice is chosen only by itself.
  await expect(row(page, 'Texts').getByRole('checkbox')).not.toBeChecked();
  await expect(page.getByText('3 of 4 numbers chosen')).toBeVisible();
  await field(page, 'Assign Bot').selectOption({ label: 'Concierge' });
  // Another operator adds one of them first.
  await server.number(plivo, '+912240001002');
  await page.getByRole('button', { name: 'Preview Import' }).click();
  await expect(page.getByRole('heading', { name: '2 numbers will be added to Exotel Mumbai' })).toBeVisible();
  await expect(row(page, 'Night desk')).toContainText('Skipped: on Plivo');
  await expect(row(page, 'Front desk')).toContainText('Will be added');
  await expect(page.getByRole('main')).toContainText(/Direction\s*Both\s*Bot\s*Concierge/);
  await accessible(page, 'preview');
  expect((await server.get(`/carriers/${carrier.id}`)).did_count).toBe(0);

  await page.getByRole('link', { name: 'Choose Again' }).click();
  await expect(row(page, 'Texts').getByRole('checkbox')).not.toBeChecked();
  await page.getByRole('button', { name: 'Preview Import' }).click();
  await page.getByRole('button', { name: 'Import 2 Numbers' }).click();
  await expect(page.getByRole('heading', { name: 'Exotel Mumbai', level: 1 })).toBeVisible();
  await expect(row(page, 'Front desk')).toContainText('Concierge');
  await server.waitForStatus(carrier, 'synced');
  const livekit = await server.livekitState();
  expect(livekit.inbound.find((trunk) => trunk.name.startsWith('Exotel Mumbai'))?.numbers).toEqual(
    expect.arrayContaining(['+912240001000', '+912240001001']),
  );
  expect(livekit.rules).toEqual([{ trunk: 'Exotel Mumbai to Concierge', agent: 'concierge', metadata: '' }]);
  expect((await server.get(`${API}/summary`)).numbers_imported).toBe(2);

  await visit(page, `${EXOTEL_PAGE}?disconnect=1`);
  await expect(page.getByRole('dialog')).toContainText('2 imported numbers stay on their carriers');
});

test('import without a carrier says what is missing', async ({ page, server, exotel, accessible }) => {
  await server.put(API, EXOTEL);
  await visit(page, `${EXOTEL_PAGE}?numbers=1`);
  await expect(page.getByText('The account has no numbers')).toBeVisible();
  exotel.add('+912240001000', 'Front desk');
  await visit(page, `${EXOTEL_PAGE}?numbers=1`);
  await expect(page.getByText('There is no carrier yet')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Preview Import' })).toHaveCount(0);
  await accessible(page, 'no carrier');
});

test('conflicting credentials are shown', async ({ page, colleague, server, guard }) => {
  await server.put(API, EXOTEL);
  await visit(page, `${EXOTEL_PAGE}?edit=1`);
  await visit(colleague, `${EXOTEL_PAGE}?edit=1`);
  await field(page, 'Account SID').fill('mine');
  await field(colleague, 'Account SID').fill('theirs');
  await save(colleague);
  await expect(colleague.getByText('Account theirs in Mumbai.')).toBeVisible();
  guard.expectRefusal(409, /exotel\/save$/);
  await save(page);
  const dialog = page.getByRole('dialog', { name: 'Someone else saved this connection' });
  await expect(dialog.getByRole('row', { name: /Account SID/ })).toContainText(/theirs\s*mine/);
  await dialog.getByRole('button', { name: 'Keep mine and save' }).click();
  await expect(page.getByText('Account mine in Mumbai.')).toBeVisible();
  expect((await server.get(API)).account_sid).toBe('mine');
});

test.describe('with LIVEKIT_SIP_HOST', () => {
  test.use({ sipHost: 'vjnxecm0tjk.sip.livekit.cloud' });

  test('settings to enter at Exotel can be copied', async ({ page, context, server }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await server.put(API, EXOTEL);
    await visit(page, EXOTEL_PAGE);
    await expect(page.getByText('acme1.pstn.exotel.com')).toBeVisible();
    await page.getByRole('button', { name: 'Copy the TLS destination' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('vjnxecm0tjk.sip.livekit.cloud:5061;transport=tls');
    await expect(page.getByText('LIVEKIT_SIP_HOST')).toHaveCount(0);
  });
});

test('Exotel page fits a narrow screen @narrow', async ({ page, server, exotel, accessible }) => {
  await server.put(API, EXOTEL);
  await server.carrier();
  exotel.add('+912240001000', 'A rather long name that somebody gave this number');
  exotel.add('+912240001001');
  for (const query of ['', '?edit=1', '?numbers=1', '?disconnect=1']) {
    await visit(page, EXOTEL_PAGE + query);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await accessible(page, `Exotel${query}, narrow`);
  }
});
