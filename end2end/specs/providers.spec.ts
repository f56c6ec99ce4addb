import { expect, field, LIST, path, test, visit } from '../fixtures/test';

const CREATE = `${LIST}/create`;

test('Twilio fills in address pattern, transport and ranges, with their source', async ({ page, server, guard, accessible }) => {
  // Tall enough that the action bar covers no button.
  await page.setViewportSize({ width: 1360, height: 1600 });
  await visit(page, CREATE);
  const providers = page.getByRole('region', { name: 'Start from a Provider' });
  await expect(providers.getByRole('listitem')).toHaveText(['Twilio', 'Plivo', 'Telnyx', 'Vonage', 'Exotel', 'Other']);
  await providers.getByRole('link', { name: 'Twilio' }).click();
  expect(path(page)).toBe(`${CREATE}?provider=twilio`);
  await expect(field(page, 'SIP Address')).toHaveValue('your-trunk.pstn.twilio.com');
  await expect(field(page, 'Transport')).toHaveValue('tcp');
  await expect(page.locator('.tag-text')).toHaveCount(8);
  await expect(page.getByText('Inbound calls are accepted from the allowed addresses only.')).toBeVisible();
  await expect(providers).toContainText('Replace your-trunk in the SIP address');
  const source = providers.getByRole('link', { name: 'www.twilio.com/docs/sip-trunking/ip-addresses' });
  await expect(source).toHaveAttribute('href', 'https://www.twilio.com/docs/sip-trunking/ip-addresses');
  await expect(providers.getByRole('time')).toHaveText([/^\d{4}-\d\d-\d\d$/, /^\d{4}-\d\d-\d\d$/]);
  await providers.getByText('8 signalling addresses of Twilio').click();
  await expect(providers.getByText('South America, São Paulo')).toBeVisible();
  await accessible(page, 'create, started from Twilio');

  // The pattern itself is not a valid address.
  await field(page, 'Name').fill('Twilio');
  await field(page, 'Username').fill('acme');
  await field(page, 'Password').fill('s3cret-pass');
  guard.expectRefusal(422, /^\/api\/fn\/carriers\/create$/);
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.locator('#carrier-sip_address-error')).toHaveText(/Replace your-trunk with/);
  await field(page, 'SIP Address').fill('acme.pstn.twilio.com');
  await page.getByRole('button', { name: 'Remove 177.71.206.192/30' }).click();
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
  const carrier = await server.carrierNamed('Twilio');
  expect(carrier).toMatchObject({ sip_address: 'acme.pstn.twilio.com', transport: 'tcp', inbound_auth: 'ip' });
  expect(carrier.allowed_addresses).toHaveLength(7);
});

test('unchanged address pattern is rejected at its field', async ({ page, guard }) => {
  guard.expectRefusal(422, /^\/api\/fn\/carriers\/create$/);
  await visit(page, `${CREATE}?provider=vonage`);
  await field(page, 'Name').fill('Vonage');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(field(page, 'SIP Address')).toBeFocused();
  await expect(page.locator('#carrier-sip_address-error')).toHaveText(/Replace your-domain with/);
});

test('provider change replaces filled-in values and keeps typed ones', async ({ page }) => {
  await visit(page, CREATE);
  const providers = page.getByRole('region', { name: 'Start from a Provider' });
  await field(page, 'SIP Address').fill('mine.example');
  await field(page, 'Allowed IPs').fill('203.0.113.7');
  await field(page, 'Allowed IPs').press('Enter');
  await providers.getByRole('link', { name: 'Plivo' }).click();
  await expect(providers).toContainText('Your own values were kept: SIP Address, Allowed IPs.');
  await expect(field(page, 'SIP Address')).toHaveValue('mine.example');
  await expect(field(page, 'Transport')).toHaveValue('tcp');
  await expect(page.locator('.tag-text')).toHaveText(['203.0.113.7']);
  await providers.getByRole('button', { name: 'Replace' }).click();
  await expect(field(page, 'SIP Address')).toHaveValue('your-trunk-id.zt.plivo.com');
  await expect(field(page, 'SIP Address')).toBeFocused();
  await expect(page.locator('.tag-text')).toHaveCount(14);
  await expect(providers).not.toContainText('Your own values were kept');

  await providers.getByRole('link', { name: 'Telnyx' }).click();
  await expect(field(page, 'SIP Address')).toHaveValue('sip.telnyx.com');
  await expect(page.locator('.tag-text')).toHaveText(['192.76.120.10', '64.16.250.10']);
  await providers.getByRole('link', { name: 'Other' }).click();
  await expect(field(page, 'SIP Address')).toHaveValue('');
  await expect(field(page, 'Transport')).toHaveValue('auto');
  await expect(page.locator('.tag-text')).toHaveCount(0);
  // The form is still the same page, so nothing has asked whether to leave it.
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('Exotel links to its page and fills in nothing', async ({ page }) => {
  await visit(page, `${CREATE}?provider=exotel`);
  await expect(field(page, 'SIP Address')).toHaveValue('');
  await page.getByRole('region', { name: 'Start from a Provider' }).getByRole('link', { name: 'Open Exotel' }).click();
  await expect(page).toHaveURL(/\/dashboard\/integrations\/exotel$/);
});

test('form works without the provider list, which can be retried', async ({ page, guard }) => {
  guard.expectRefusal(503, /^\/api\/fn\/providers\/list$/);
  await visit(page, LIST);
  const broken = { status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: '/problems/busy', title: 'Busy', status: 503, code: 'busy', detail: 'The server is busy.' }) };
  await page.route('**/api/fn/providers/list', (route) => route.fulfill(broken));
  await page.getByRole('link', { name: 'Add Carrier' }).click();
  const providers = page.getByRole('region', { name: 'Start from a Provider' });
  await expect(providers.getByRole('alert')).toContainText('The server is busy.');
  await field(page, 'Name').fill('Typed meanwhile');
  await page.unroute('**/api/fn/providers/list');
  await providers.getByRole('button', { name: 'Try Again' }).click();
  await expect(providers.getByRole('link', { name: 'Plivo' })).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Typed meanwhile');
});

test('design page is not part of a release build', async ({ page, guard }) => {
  test.skip(Boolean(process.env.TRUNKLINE_BIN?.includes('debug')), 'a development build has it');
  guard.expectRefusal(404, /^\/design$/);
  await page.goto('/design');
  await expect(page.getByText('There is no page at this address.')).toBeVisible();
});
