using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Conformance.Groups.Training;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>
/// Runs the cases of <c>training</c>: what the interventions that learn compute, their gradients, their orthogonal matrices and their state, and trainings of
/// them and of models.
/// </summary>
internal sealed class TrainingGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter) => Directory.GetFiles(folder)
        .Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal)
        .SelectMany(file => new GoldenFile(file).Run(filter, (golden, comparison) => Check(golden, comparison, folder)));

    private static void Check(GoldenCase golden, Comparison comparison, string folder)
    {
        if (golden.Field("grad_out") is not null) ModuleCase.Check(golden, comparison);
        else if (golden.Field("map") is not null || golden.Field("assigned") is not null) OrthogonalCase.Check(golden, comparison);
        else if (golden.Field("entries") is not null) StateCase.Check(golden, comparison);
        else if (golden.Field("plan") is not null && golden.Field("optimizer") is not null) WithModel(RunCase.Check);
        else if (golden.Field("expect")?.TryGetProperty("grad_norm_total", out _) is true) WithModel(ModelTrainingCase.Check);
        else throw new UnsupportedCaseException("results of whole searches are compared by benchmarks, not number by number");

        // A model of its own: a training changes it.
        void WithModel(Action<GoldenCase, Comparison, Pyvene.Typed.Models.PretrainedModel> check)
        {
            using var models = new NamedModels(GoldenFolder.Of(folder)!.Models);
            check(golden, comparison, models.Of(golden.Required("model").GetString()!));
        }
    }
}
