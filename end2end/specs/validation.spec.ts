import table from '../../crates/api-types/tests/refused.json';
import { EMAIL, expect, LIST, PASSWORD, test, visit, type Page } from '../fixtures/test';

interface Row {
  field: string;
  value?: string;
  repeat?: string;
  times?: number;
  with?: Record<string, string>;
  message: string;
}
interface Form {
  valid: Record<string, string>;
  refused: Row[];
}
const forms = table as Record<string, Form>;
const value = (row: Row) => row.value ?? row.repeat!.repeat(row.times!);

/** A text input drops line breaks, and a NUL cannot be typed. */
const typeable = (row: Row) => !/[\r\n\0]/.test(value(row));

/**
 * Types each value of the table into its field and leaves the field. An unchanged field is not validated on blur, so the
 * form is submitted then. Values that cannot be typed are covered by the API's tests.
 */
async function refusesAll(page: Page, prefix: string, name: keyof typeof table & string, submit: string, skip: string[]) {
  const form = forms[name];
  const element = (field: string) => page.locator(`#${prefix}-${field}`);
  for (const [field, text] of Object.entries(form.valid)) if (!skip.includes(field)) await element(field).fill(text);
  for (const row of form.refused.filter((row) => typeable(row) && !skip.includes(row.field))) {
    const input = element(row.field);
    for (const [field, text] of Object.entries(row.with ?? {})) await element(field).fill(text);
    await input.fill(value(row));
    await page.getByRole('button', { name: submit }).click();
    await expect(page.locator(`#${prefix}-${row.field}-error`), `${row.field}: ${value(row).slice(0, 40)}`).toHaveText(row.message);
    // The typed value is kept; an e-mail input drops blanks.
    expect((await input.inputValue()).trim()).toBe(value(row).trim());
    for (const field of [row.field, ...Object.keys(row.with ?? {})]) await element(field).fill(form.valid[field] ?? '');
  }
}

test('carrier form rejects every invalid value at its field', async ({ page, server }) => {
  test.setTimeout(240_000);
  await visit(page, `${LIST}/create`);
  // Choices and the tag list are not text inputs.
  const skip = ['provider', 'krisp_enabled', 'transport', 'destination_country', 'inbound_auth', 'accept_any_source', 'version', 'allowed_addresses'];
  await refusesAll(page, 'carrier', 'carrier', 'Create Carrier', skip);

  const addresses = forms.carrier.refused.filter((row) => row.field === 'allowed_addresses' && row.value && typeable(row));
  for (const row of addresses) {
    const box = page.locator('#carrier-allowed_addresses');
    await box.fill(value(row));
    await box.press('Enter');
    await expect(page.locator('#carrier-allowed_addresses-error')).toHaveText(row.message);
    await page.getByRole('button', { name: `Remove ${value(row)}`, exact: true }).click();
    await expect(page.locator('#carrier-allowed_addresses-error')).toBeHidden();
  }
  expect((await server.get('/carriers')).total).toBe(0);
});

test('number form rejects every invalid value at its field', async ({ page, server, guard }) => {
  guard.expectRefusal(422, /\/dids\/add$/);
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}?did=new`);
  await refusesAll(page, 'number', 'number', 'Add Number', ['direction', 'bot_id', 'version']);
  expect((await server.get(`/carriers/${carrier.id}`)).dids).toEqual([]);
});

test('bot form rejects every invalid value at its field', async ({ page, server, guard }) => {
  guard.expectRefusal(422, /\/bots\/create$/);
  await visit(page, '/dashboard/bots/create');
  // Choices and tag lists are not text inputs.
  const choices = forms.bot.refused.map((row) => row.field).filter((field) => field === 'answered_by' || field.includes('.'));
  await refusesAll(page, 'bot', 'bot', 'Create bot', ['version', ...choices]);

  const names = forms.bot.refused.filter((row) => row.field === 'sip_header_config.allowed_headers' && row.value && !row.value.includes(' '));
  for (const row of names) {
    const box = page.locator('#bot-sip_header_config-allowed_headers');
    await box.fill(value(row));
    await box.press('Enter');
    await expect(page.locator('#bot-sip_header_config-allowed_headers-error')).toHaveText(row.message);
    await page.getByRole('button', { name: `Remove ${value(row)}`, exact: true }).click();
    await expect(page.locator('#bot-sip_header_config-allowed_headers-error')).toBeHidden();
  }
  expect((await server.get('/bots')).total).toBe(0);
});

test('Exotel form rejects every invalid value at its field', async ({ page, server }) => {
  await visit(page, '/dashboard/integrations/exotel?edit=1');
  await refusesAll(page, 'exotel', 'exotel', 'Save Credentials', ['subdomain', 'version']);
  expect((await server.get('/integrations/exotel/summary')).connected).toBe(false);
});

test('invalid search and audit filters are reported', async ({ page, guard }) => {
  guard.expectRefusal(422, /\/(carriers|audit)\/list$/);
  for (const [address, name, field] of [
    [LIST, 'search', 'q'],
    ['/dashboard/audit', 'audit', 'q'],
    ['/dashboard/audit', 'audit', 'actor'],
  ] as const) {
    await visit(page, address);
    const main = page.getByRole('main');
    const box = main.locator(`[name=${field}]`);
    for (const row of forms[name].refused.filter((row) => row.field === field && typeable(row))) {
      await box.fill(value(row));
      await box.press('Enter');
      await expect(main.getByRole('alert')).toContainText(row.message);
      // The typed value is kept.
      await expect(box).toHaveValue(value(row));
    }
    await box.fill('');
    await box.press('Enter');
    await expect(main.getByRole('alert')).toBeHidden();
  }
});

test.describe('login', () => {
  test.use({ loggedIn: false });
  test('login form rejects every invalid value at its field', async ({ page }) => {
    await visit(page, '/login');
    await refusesAll(page, 'login', 'login', 'Log in', []);
    await page.locator('#login-email').fill(EMAIL);
    await page.locator('#login-password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  });
});

test.describe('setup', () => {
  test.use({ admin: false });
  test('setup form rejects every invalid value at its field', async ({ page, server }) => {
    await visit(page, server.setupUrl!);
    await refusesAll(page, 'setup', 'administrator', 'Create administrator', []);
  });
});
