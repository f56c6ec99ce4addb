import { expect, test } from '../fixtures/test';

test('numbers are read, and a bot is assigned in bulk, without JavaScript', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier({});
  const number = await server.number(carrier, '+14155550134', {});
  await page.goto('/dashboard/numbers');
  await expect(page.getByText('+1 415-555-0134')).toBeVisible();
  await expect(page.getByText('No bot: calls are rejected').first()).toBeVisible();
  await page.goto(`/dashboard/numbers?assign-bot=1&ids=${number.id}`);
  await page.getByRole('combobox', { name: 'Assign Bot', exact: true }).selectOption({ label: 'Concierge' });
  await page.getByRole('button', { name: 'Assign Bot', exact: true }).click();
  await expect.poll(async () => (await server.get(`/dids?bot_id=${bot.id}`)).total).toBe(1);
});
