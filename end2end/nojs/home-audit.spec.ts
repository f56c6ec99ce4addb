import { AUDIT, expect, field, HOME, LIST, names, path, row, test } from '../fixtures/test';

test.describe('without JavaScript', () => {
  test('home page links to the form for each row that needs attention', async ({ page, server }) => {
    await server.bot('Concierge');
    const carrier = await server.carrier();
    await server.number(carrier, '+14155550134');
    await page.goto(HOME);
    await page.getByRole('link', { name: /415-555-0134/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit number' });
    await field(dialog, 'Assign bot').selectOption({ label: 'Concierge' });
    await dialog.getByRole('button', { name: 'Save number' }).click();
    await server.waitForStatus(carrier, 'synced');
    await page.goto(HOME);
    await expect(page.getByText('Nothing Needs Attention')).toBeVisible();
  });

  test('carriers are filtered by kind of attention', async ({ page, server }) => {
    for (const name of ['Alpha', 'Beta']) await server.carrier({ name, auth_username: null, auth_password: null, accept_any_source: true });
    await server.carrier({ name: 'Guarded' });
    await page.goto(HOME);
    await page.getByRole('region', { name: /^Open/ }).getByRole('link', { name: /Show All/ }).click();
    expect(await names(page)).toEqual(['Alpha', 'Beta']);
    await page.getByRole('searchbox').fill('bet');
    await page.getByRole('searchbox').press('Enter');
    expect(await names(page)).toEqual(['Beta']);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox', { name: 'Show' }).selectOption('Carriers Without Numbers');
    await page.getByRole('button', { name: 'Apply' }).click();
    expect(await names(page)).toEqual(['Alpha', 'Beta', 'Guarded']);
    await page.goto(`${LIST}?attention=sync_error`);
    await page.getByRole('link', { name: 'Clear Filters' }).click();
    expect(await names(page)).toEqual(['Alpha', 'Beta', 'Guarded']);
  });

  test('audit is filtered, unfolded and paged', async ({ page, server }) => {
    const bot = await server.bot('Concierge');
    for (let index = 0; index < 50; index++) await server.put(`/bots/${bot.id}`, { name: `Concierge ${index}` });
    await server.carrier();
    await page.goto(AUDIT);
    await field(page, 'Type').selectOption('Bot');
    await page.getByRole('searchbox').fill('concierge');
    await page.getByRole('button', { name: 'Apply' }).click();
    expect(new URL(page.url()).searchParams.get('kind')).toBe('bot');
    await expect(page.locator('tbody tr')).toHaveCount(50);
    await expect(field(page, 'Type')).toHaveValue('bot');
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(page.locator('tbody tr')).toHaveCount(1);
    const created = row(page, 'Created Bot Concierge');
    await created.getByText(/^Name and \d+ more$/).click();
    await expect(created.getByText('Agent name')).toBeVisible();
    await created.getByRole('link', { name: 'Concierge', exact: true }).click();
    expect(path(page)).toBe(`/dashboard/bots/${bot.id}`);
  });
});
