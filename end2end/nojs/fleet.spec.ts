import { Fleet } from '../fixtures/fleet';
import { expect, field, test } from '../fixtures/test';

const PAGE = '/dashboard/fleet';

test('without JavaScript, fleet servers are added, changed and removed', async ({ page, server, guard }) => {
  const fleet = await Fleet.start();
  await page.goto(PAGE);
  await page.getByRole('link', { name: 'Add Server' }).first().click();
  await field(page, 'Base URL').fill('core-1');
  await field(page, 'Name').fill('Core 1');
  guard.expectRefusal(422, /\/fleet$/);
  await page.getByRole('button', { name: 'Add Server' }).click();
  await expect(page.getByText('Begin the URL with https:// or http://.')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Core 1');
  await field(page, 'Base URL').fill(fleet.url);
  await page.getByRole('button', { name: 'Add Server' }).click();
  await expect(page).toHaveURL(`${server.url}${PAGE}`);
  const card = page.getByRole('region', { name: 'Core 1' });
  await expect(card.getByRole('row', { name: /worker-1/ })).toBeVisible();

  await card.getByRole('link', { name: 'Edit Core 1' }).click();
  await page.getByRole('switch', { name: 'Enabled' }).uncheck();
  await page.getByRole('button', { name: 'Save Server' }).click();
  await expect(card.getByText('Disabled: it is not polled and gets no calls.')).toBeVisible();

  await card.getByRole('link', { name: 'Remove Core 1' }).click();
  await page.getByRole('button', { name: 'Remove Server' }).click();
  await expect(page.getByText('The fleet has no server')).toBeVisible();
  expect((await server.get('/settings/fleet')).core_fleet).toEqual([]);
  await fleet.stop();
});
