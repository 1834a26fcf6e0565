using System.Reflection;
using System.Runtime.CompilerServices;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Registers one function on a side of a TorchSharp module of any arity and takes it away again.</summary>
/// <remarks>
/// TorchSharp's hooks are typed by the module's arguments and result, its removers have no common type and are not disposable; this is the one place that
/// knows.
/// </remarks>
internal sealed class ModuleHook : IDisposable
{
    private Action? undo;

    private ModuleHook(Action undo) => this.undo = undo;

    /// <summary>Registers a function that sees one tensor of the arguments or of the result, and may return another to take its place.</summary>
    /// <exception cref="InterventionException">The module does not take or return this tensor.</exception>
    public static ModuleHook Register(HookPoint point, Func<Tensor, Tensor?> see)
    {
        if (point.Module is nn.Module<Tensor, Tensor> plain && point.Item == 0)
        {
            // By far the most modules; no reflection for them.
            return new ModuleHook(point.Side == HookSide.Input
                ? plain.register_forward_pre_hook((_, input) => see(input)!).remove
                : plain.register_forward_hook((_, _, output) => see(output)!).remove);
        }

        var types = ModuleSignature.TypeOf(point.Module)?.GetGenericArguments()
            ?? throw new InterventionException(
                "component", $"Module '{point.Path}' ({point.Module.GetType().Name}) cannot be hooked: it does not derive from TorchSharp's Module<…>.");
        var (side, leaves) = point.Side == HookSide.Input ? ("input", types[..^1].SelectMany(TupleItems.Leaves)) : ("output", TupleItems.Leaves(types[^1]));
        if (leaves.ElementAtOrDefault(point.Item) is not { } leaf || leaf != typeof(Tensor))
        {
            throw new InterventionException(
                "component",
                $"The {side} of module '{point.Path}' is {string.Join(", ", leaves.Select(type => type.Name))}; "
                    + $"there is no tensor {point.Item} in it, counted from 0. Choose a module inside it.");
        }

        var method = typeof(ModuleHook).GetMethod($"{point.Side}{types.Length - 1}", BindingFlags.NonPublic | BindingFlags.Static)!;
        return new ModuleHook((Action)method.MakeGenericMethod(types).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [point, see], null)!);
    }

    public void Dispose()
    {
        undo?.Invoke();
        undo = null;
    }

    private static Action Input1<T1, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, R>)point.Module).register_forward_pre_hook((_, a) => TupleItems.Replace(a, point, see)).remove;

    private static Action Input2<T1, T2, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, R>)point.Module).register_forward_pre_hook((_, a, b) => TupleItems.Replace((a, b), point, see)).remove;

    private static Action Input3<T1, T2, T3, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, R>)point.Module).register_forward_pre_hook((_, a, b, c) => TupleItems.Replace((a, b, c), point, see)).remove;

    private static Action Input4<T1, T2, T3, T4, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, R>)point.Module).register_forward_pre_hook((_, a, b, c, d) => TupleItems.Replace((a, b, c, d), point, see)).remove;

    private static Action Input5<T1, T2, T3, T4, T5, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, T5, R>)point.Module)
            .register_forward_pre_hook((_, a, b, c, d, e) => TupleItems.Replace((a, b, c, d, e), point, see)).remove;

    private static Action Input6<T1, T2, T3, T4, T5, T6, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, T5, T6, R>)point.Module)
            .register_forward_pre_hook((_, a, b, c, d, e, f) => TupleItems.Replace((a, b, c, d, e, f), point, see)).remove;

    private static Action Output1<T1, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, R>)point.Module).register_forward_hook((_, _, output) => TupleItems.Replace(output, point, see)).remove;

    private static Action Output2<T1, T2, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, R>)point.Module).register_forward_hook((_, _, _, output) => TupleItems.Replace(output, point, see)).remove;

    private static Action Output3<T1, T2, T3, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, R>)point.Module).register_forward_hook((_, _, _, _, output) => TupleItems.Replace(output, point, see)).remove;

    private static Action Output4<T1, T2, T3, T4, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, R>)point.Module).register_forward_hook((_, _, _, _, _, output) => TupleItems.Replace(output, point, see)).remove;

    private static Action Output5<T1, T2, T3, T4, T5, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, T5, R>)point.Module).register_forward_hook((_, _, _, _, _, _, output) => TupleItems.Replace(output, point, see)).remove;

    private static Action Output6<T1, T2, T3, T4, T5, T6, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, T5, T6, R>)point.Module)
            .register_forward_hook((_, _, _, _, _, _, _, output) => TupleItems.Replace(output, point, see)).remove;
}
