import { waitForHydration, expect, field, LIST, test, type Page } from '../fixtures/test';

/**
 * A form can be filled in and posted before its script has loaded. The response is then rendered for another address
 * than the browser shows, and must be hydrated all the same.
 */
async function beforeHydration(page: Page, act: () => Promise<void>) {
  await page.route(/\.wasm$/, (route) => route.abort());
  await act();
  await page.unroute(/\.wasm$/);
}

test('text typed before hydration is kept', async ({ page }) => {
  let load = () => {};
  const loaded = new Promise<void>((resolve) => (load = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await loaded;
    await route.continue();
  });
  await page.goto(`${LIST}/create`, { waitUntil: 'commit' });
  await field(page, 'Name').fill('Early bird');
  await field(page, 'Transport').selectOption('tls');
  await field(page, 'Allowed IPs').fill('203.0.113.7\n203.0.113.8');
  load();
  await waitForHydration(page);
  await expect(field(page, 'Name')).toHaveValue('Early bird');
  await expect(field(page, 'Transport')).toHaveValue('tls');
  await expect(page.locator('.tag-text')).toHaveText(['203.0.113.7', '203.0.113.8']);
});

for (const [what, address, submit, fault] of [
  ['a new carrier', 'create', 'Create Carrier', '#carrier-sip_address-error'],
  ['a change', '?edit=1', 'Save Changes', '#carrier-sip_address-error'],
  ['a number', '?did=new', 'Add Number', '#number-number-error'],
] as const) {
  test(`${what} refused before hydration is hydrated with its values`, async ({ page, server, guard }) => {
    const carrier = await server.carrier({ name: 'Twilio' });
    const base = address === 'create' ? `${LIST}/create` : `${LIST}/${carrier.id}${address}`;
    guard.expectRefusal(422, /^\/dashboard\//);
    guard.expectOffline();
    guard.ignoreUncaught(/Failed to fetch|WebAssembly/);
    await beforeHydration(page, async () => {
      await page.goto(base);
      if (address === '?did=new') await field(page, 'Phone Number').fill('12');
      else {
        await field(page, 'Name').fill('Typed early');
        await field(page, 'SIP Address').fill('sip:early');
      }
      await page.unroute(/\.wasm$/);
      await page.getByRole('button', { name: submit }).click();
    });
    await expect(page.locator(fault)).toBeVisible();
    await waitForHydration(page);
    await expect(page.locator(fault)).toBeVisible();
    if (address !== '?did=new') await expect(field(page, 'Name')).toHaveValue('Typed early');
    // Corrected and sent by the hydrated page.
    if (address === '?did=new') await field(page, 'Phone Number').fill('+14155550134');
    else await field(page, 'SIP Address').fill('late.example');
    await page.getByRole('button', { name: submit }).click();
    await expect(page.getByRole('heading', { name: address === '?did=new' ? 'Twilio' : 'Typed early', level: 1 })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Connection Settings', exact: true })).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
}
