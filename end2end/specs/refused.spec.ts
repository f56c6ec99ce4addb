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

/** What a text box holds of it: line breaks are taken out, and a NUL cannot be typed. */
const typeable = (row: Row) => !/[\r\n\0]/.test(value(row));

/**
 * Types each value of the table into its field, on one page, and leaves the field; where that does not yet tell, because
 * nothing was changed, the form is sent. The rows that cannot be typed are proven by the API's tests, which post them.
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
    // What was typed is still there; an e-mail field drops blanks by itself.
    expect((await input.inputValue()).trim()).toBe(value(row).trim());
    for (const field of [row.field, ...Object.keys(row.with ?? {})]) await element(field).fill(form.valid[field] ?? '');
  }
}

test('the carrier form refuses every value of the table at its field', async ({ page, server }) => {
  test.setTimeout(240_000);
  await visit(page, `${LIST}/create`);
  // What is chosen rather than typed, and the list of addresses, which is tags.
  const skip = ['transport', 'destination_country', 'inbound_auth', 'accept_any_source', 'version', 'allowed_addresses'];
  await refusesAll(page, 'carrier', 'carrier', 'Create carrier', skip);

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

test('the number form refuses every value of the table at its field', async ({ page, server, guard }) => {
  guard.expectRefusal(422, /\/dids$/);
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}?did=new`);
  await refusesAll(page, 'number', 'number', 'Add number', ['direction', 'bot_id', 'version']);
  expect((await server.get(`/carriers/${carrier.id}`)).dids).toEqual([]);
});

test('the bot form refuses every value of the table at its field', async ({ page, server, guard }) => {
  guard.expectRefusal(422, /\/bots\/create$/);
  await visit(page, '/dashboard/bots/create');
  await refusesAll(page, 'bot', 'bot', 'Create bot', ['version']);
  expect((await server.get('/bots')).total).toBe(0);
});

test('the credentials of Exotel refuse every value of the table at their field', async ({ page, server, guard }) => {
  guard.expectRefusal(422, /\/exotel$/);
  await visit(page, '/dashboard/integrations/exotel?edit=1');
  await refusesAll(page, 'exotel', 'exotel', 'Save credentials', ['subdomain', 'version']);
  expect((await server.get('/integrations/exotel/summary')).connected).toBe(false);
});

test('the search and the filters of the record say what they cannot search for', async ({ page, guard }) => {
  guard.expectRefusal(422, /\/(carriers|audit)$/);
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
      // What was typed is still there, to be mended.
      await expect(box).toHaveValue(value(row));
    }
    await box.fill('');
    await box.press('Enter');
    await expect(main.getByRole('alert')).toBeHidden();
  }
});

test.describe('at the door', () => {
  test.use({ loggedIn: false });
  test('the login form refuses every value of the table at its field', async ({ page }) => {
    await visit(page, '/login');
    await refusesAll(page, 'login', 'login', 'Log in', []);
    await page.locator('#login-email').fill(EMAIL);
    await page.locator('#login-password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  });
});

test.describe('on the first day', () => {
  test.use({ admin: false });
  test('the set-up form refuses every value of the table at its field', async ({ page, server }) => {
    await visit(page, server.setupUrl!);
    await refusesAll(page, 'setup', 'administrator', 'Create administrator', []);
  });
});
