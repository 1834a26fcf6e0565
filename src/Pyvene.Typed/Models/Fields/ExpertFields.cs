using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Lists the fields of models with experts, and reads them.</summary>
internal static class ExpertFields
{
    private const long MostExperts = 10_000; // far beyond any model

    /// <summary>Returns the rules of an architecture, those of its own among them.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    /// <param name="lossFactor">What an absent <c>router_aux_loss_coef</c> stands for.</param>
    /// <param name="own">The architecture's own fields.</param>
    public static Dictionary<string, FieldRule> With(string key, double lossFactor, Dictionary<string, FieldRule> own) => new(own)
    {
        ["num_local_experts"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_local_experts"), MostExperts),
        ["num_experts_per_tok"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_experts_per_tok"), MostExperts),
        ["output_router_logits"] = Flag(false),
        ["router_aux_loss_coef"] = Number(lossFactor, -1e9, 1e9),
    };

    /// <summary>Reads the settings.</summary>
    /// <param name="config">The configuration, which the architecture's table has checked and completed.</param>
    /// <exception cref="CheckpointException">More experts are to serve a token than there are.</exception>
    public static ExpertSettings Read(ModelConfig config)
    {
        var (count, chosen) = ((int)config.Size("num_local_experts"), (int)config.Size("num_experts_per_tok"));
        return chosen <= count
            ? new ExpertSettings(count, chosen, config.Flag("output_router_logits"), config.Number("router_aux_loss_coef"))
            : throw new CheckpointException(config.Origin, $"'num_experts_per_tok' is {chosen}, but 'num_local_experts' is {count}: a token cannot have more "
                + "experts than there are.");
    }
}
