using Pyvene.Typed.Conformance.Expressions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>A forward hook of the user's own on a module, which must stay active beside the library's.</summary>
internal sealed class UserHook : IDisposable
{
    private readonly Action _remove;

    private UserHook(Action remove) => _remove = remove;

    /// <summary>Attaches the hook of a case: <c>{"path": …, "side": "output", "expr": …}</c>.</summary>
    /// <returns>The hook until it is disposed; null where the case has none.</returns>
    /// <exception cref="UnsupportedCaseException">The module is not one that maps a tensor to a tensor.</exception>
    public static UserHook? Attach(GoldenCase golden, PretrainedModel model)
    {
        if (golden.Field("user_hook") is not { } fields) return null;
        var path = fields.GetProperty("path").GetString()!;
        var name = path.Replace("[", ".").Replace("]", "");
        var expression = Expression.Compile(fields.GetProperty("expr").GetString()!);
        var found = model.named_modules().FirstOrDefault(item => item.name == name).module;
        if (fields.GetProperty("side").GetString() is not "output" || found is not nn.Module<Tensor, Tensor> module)
            throw new UnsupportedCaseException($"a hook of the user's at '{path}' is not supported yet");
        return new UserHook(module.register_forward_hook((_, _, output) => expression.Evaluate(output, null, null)!).remove);
    }

    /// <inheritdoc/>
    public void Dispose() => _remove();
}
