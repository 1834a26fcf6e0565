// SF13: hooks survive an exception. A plan owns its hooks, and only a plan that is disposed lets go of them.
// Caught by: PVT204
static void Bind(Pyvene.Typed.Models.PretrainedModel model, InterventionConfig config)
{
    var plan = InterventionPlan.Bind(model, config);
    Console.WriteLine(plan.ToString());
}
