using Pyvene.Typed.Conformance.Groups.Generation;
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
        else if (golden.Field("factual") is not null) WithModel(SearchCase.CheckTask);
        else if (golden.Text("type") is "logistic_regression") WithModel(ProbeCase.Check);
        else if (golden.Field("data")?.TryGetProperty("train", out _) is true) WithModel(SearchCase.Check);
        else if (golden.Field("model") is not null && golden.Field("labels") is not null) WithModel(EqualityCase.Check);
        else if (golden.Field("generate") is not null) WithModels(models => GenerationCase.Check(golden, comparison, models));
        else if (golden.Field("interventions") is not null) WithModels(models => InterventionCase.Check(golden, comparison, models));
        else if (golden.Field("hyper") is not null) throw new UnsupportedCaseException(
            "how long a training took in Python and where it ended: a benchmark compares it");
        else throw new UnsupportedCaseException("a case of a kind that is not known");

        // A model of its own: a training changes it. It lies beside the cases, or with the other models.
        void WithModel(Action<GoldenCase, Comparison, Pyvene.Typed.Models.PretrainedModel> check) =>
            WithModels(models => check(golden, comparison, models.Of(golden.Text("model") ?? "model")));

        void WithModels(Action<NamedModels> check)
        {
            var isBeside = Directory.Exists(Path.Combine(folder, golden.Text("model") ?? "model"));
            using var models = new NamedModels(isBeside ? folder : GoldenFolder.Of(folder)!.Models);
            check(models);
        }
    }
}
