-- Revenue per customer in the last month
WITH recent AS (
  SELECT customer_id, SUM(total) AS revenue
  FROM orders
  WHERE created_at >= CURRENT_DATE - INTERVAL '30 days'
  GROUP BY customer_id
)
SELECT c.name, r.revenue
FROM recent AS r
JOIN customers AS c ON c.id = r.customer_id
ORDER BY r.revenue DESC;
