import { Fleet } from '../fixtures/fleet';
import { expect, field, path, test, visit } from '../fixtures/test';

const FLEET = '/dashboard/fleet';

test.describe('with a fleet server', () => {
  let fleet: Fleet;

  test.beforeEach(async () => {
    fleet = await Fleet.start();
  });

  test.afterEach(async () => fleet.stop());

  test('a fleet server is added, shown, changed and removed', async ({ page, server, accessible }) => {
    await visit(page, '/dashboard');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Fleet' }).click();
    await expect(page.getByText('The fleet has no server')).toBeVisible();
    await accessible(page, 'empty fleet');
    await page.getByRole('link', { name: 'Add Server' }).first().click();
    const adding = page.getByRole('dialog', { name: 'Add Server' });
    await expect(field(page, 'Base URL')).toBeFocused();
    await accessible(page, 'add fleet server');
    await field(page, 'Base URL').fill('core-1.example.com');
    await adding.getByRole('button', { name: 'Add Server' }).click();
    await expect(adding.getByText('Begin the URL with https:// or http://.')).toBeVisible();
    await field(page, 'Base URL').fill(`${fleet.url}/`);
    await field(page, 'Name').fill('Core 1');
    await adding.getByRole('button', { name: 'Add Server' }).click();

    const card = page.getByRole('region', { name: 'Core 1' });
    await expect(card.getByText('Healthy', { exact: true })).toBeVisible();
    await expect(card.getByText(fleet.url)).toBeVisible();
    await expect(card.getByRole('row', { name: /worker-1/ })).toContainText('0 of 20 calls');
    expect(path(page)).toBe(FLEET);
    await accessible(page, 'fleet');
    expect((await server.get('/settings/fleet')).core_fleet).toMatchObject([{ url: fleet.url, name: 'Core 1', enabled: true }]);

    await card.getByRole('link', { name: 'Edit Core 1' }).click();
    const editing = page.getByRole('dialog', { name: 'Edit Server' });
    await field(page, 'Name').fill('Core One');
    await editing.getByRole('switch', { name: 'Enabled' }).uncheck();
    await editing.getByRole('button', { name: 'Save Server' }).click();
    const renamed = page.getByRole('region', { name: 'Core One' });
    await expect(renamed.getByText('Disabled: it is not polled and gets no calls.')).toBeVisible();

    await renamed.getByRole('link', { name: 'Remove Core One' }).click();
    const removing = page.getByRole('dialog', { name: 'Remove Server' });
    await expect(removing).toContainText('calls that its workers run are not ended');
    await accessible(page, 'remove fleet server');
    await removing.getByRole('button', { name: 'Remove Server' }).click();
    await expect(page.getByText('The fleet has no server')).toBeVisible();
    expect((await server.get('/settings/fleet')).core_fleet).toEqual([]);
  });

  test('load and health follow by themselves', async ({ page, server }) => {
    await server.put('/settings/fleet', { core_fleet: [fleet.url] });
    await visit(page, FLEET);
    const card = page.getByRole('region', { name: fleet.url });
    await expect(card.getByText('20 available')).toBeVisible();

    fleet.calls = 17;
    fleet.workers = [{ id: 'worker-1', calls: 17, max: 20, pid: 4711 }];
    await expect(card.getByText('3 available · Nearly full')).toBeVisible({ timeout: 15_000 });
    await expect(card.getByRole('meter', { name: 'Calls' })).toHaveAttribute('aria-valuenow', '17');
    // Above 80 % the bar is red.
    await expect(card.locator('.meter-error')).toHaveCount(1);
    await expect(page.getByText('Nearly full').first()).toBeVisible();
    await expect(page.getByRole('img', { name: /Active calls in the last hour/ })).toBeVisible();

    fleet.workers = [];
    await expect(card.getByText('No workers registered')).toBeVisible({ timeout: 15_000 });

    fleet.status = 503;
    await expect(card.getByText('Unreachable', { exact: true })).toBeVisible({ timeout: 15_000 });
    await expect(card.getByText('It gets no calls: status 503.')).toBeVisible();
    await expect(page.getByText('1 unreachable')).toBeVisible();
  });

  test('a second save of a stale server shows the conflict', async ({ page, server, guard }) => {
    const saved = await server.put('/settings/fleet', { core_fleet: [{ url: fleet.url, name: 'Core 1' }] });
    await visit(page, `${FLEET}?server=${saved.core_fleet[0].id}`);
    await field(page, 'Name').fill('Mine');
    await server.put('/settings/fleet', { core_fleet: [{ url: fleet.url, name: 'Theirs' }] });
    guard.expectRefusal(409, /^\/api\/fn\/fleet\/update$/);
    await page.getByRole('button', { name: 'Save Server' }).click();
    const dialog = page.getByRole('dialog', { name: 'Someone else saved this fleet server' });
    await expect(dialog.getByRole('row', { name: /Name/ })).toContainText(/Theirs\s*Mine/);
  });
});
